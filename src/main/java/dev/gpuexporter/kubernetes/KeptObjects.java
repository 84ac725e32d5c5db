package dev.gpuexporter.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What is kept of the objects that an informer sees: name and version for the informer's own sake, and what we read. */
final class KeptObjects<T extends WatchedObject, V> implements ItemStore<T> {
    private final Supplier<T> blank;
    private final Function<T, V> reader;
    private final Map<String, Kept<T, V>> byKey = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    private record Kept<T, V>(T trace, V value) {}

    KeptObjects(Supplier<T> blank, Function<T, V> reader) {
        this.blank = blank;
        this.reader = reader;
    }

    List<V> read() {
        return byKey.values().stream().map(Kept::value).toList();
    }

    /** A number that grows whenever something that we read has changed. */
    long changes() {
        return changes.get();
    }

    @Override
    public String getKey(T object) {
        return object.namespace().isEmpty() ? object.name() : object.namespace() + "/" + object.name();
    }

    @Override
    public T put(String key, T object) {
        Kept<T, V> kept = new Kept<>(trace(object), reader.apply(object));
        Kept<T, V> before = byKey.put(key, kept);
        if (before == null || !before.value().equals(kept.value())) {
            changes.incrementAndGet();
        }
        return before == null ? null : before.trace();
    }

    private T trace(T object) {
        ObjectMeta metadata = new ObjectMeta();
        metadata.setNamespace(object.getMetadata().getNamespace());
        metadata.setName(object.getMetadata().getName());
        metadata.setResourceVersion(object.getMetadata().getResourceVersion());
        T trace = blank.get();
        trace.setMetadata(metadata);
        return trace;
    }

    @Override
    public T remove(String key) {
        Kept<T, V> before = byKey.remove(key);
        if (before == null) {
            return null;
        }
        changes.incrementAndGet();
        return before.trace();
    }

    @Override
    public T get(String key) {
        Kept<T, V> kept = byKey.get(key);
        return kept == null ? null : kept.trace();
    }

    @Override
    public Stream<String> keySet() {
        return byKey.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return byKey.values().stream().map(Kept::trace);
    }

    @Override
    public int size() {
        return byKey.size();
    }
}
