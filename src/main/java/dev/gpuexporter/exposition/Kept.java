package dev.gpuexporter.exposition;

import java.util.Map;
import java.util.function.Function;

/**
 * What is made once and needed again on the next pages. What a page had no use for is forgotten; where nothing comes and
 * goes, a page leaves nothing new behind that would have to be collected.
 */
final class Kept<K, V> {
    private final Map<K, Entry<V>> entries;
    private final Function<K, V> maker;
    private int page;
    private int used;

    private static final class Entry<V> {
        private final V value;
        private int usedOn;

        Entry(V value, int page) {
            this.value = value;
            this.usedOn = page;
        }
    }

    /** @param entries empty; says when two keys are the same */
    Kept(Map<K, Entry<V>> entries, Function<K, V> maker) {
        this.entries = entries;
        this.maker = maker;
    }

    V of(K key) {
        Entry<V> entry = entries.get(key);
        if (entry == null) {
            entry = new Entry<>(maker.apply(key), page);
            entries.put(key, entry);
            used++;
        } else if (entry.usedOn != page) {
            entry.usedOn = page;
            used++;
        }
        return entry.value;
    }

    void endPage() {
        if (entries.size() > used) {
            entries.values().removeIf(entry -> entry.usedOn != page);
        }
        page++;
        used = 0;
    }
}
