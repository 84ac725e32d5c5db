package dev.gpuexporter.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is kept of the objects that an informer sees: its name and version, for the informer's own sake, and what we read
 * out of it. A whole pod is some kilobytes, most of them managed fields.
 */
final class KeptObjects<V> implements ItemStore<GenericKubernetesResource> {
    private final Function<GenericKubernetesResource, V> reader;
    private final Map<String, Kept<V>> byKey = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    private record Kept<V>(GenericKubernetesResource trace, V value) {}

    /** @param reader never throws, whatever is in the object */
    KeptObjects(Function<GenericKubernetesResource, V> reader) {
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
    public String getKey(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        return metadata.getNamespace() == null
                ? metadata.getName()
                : metadata.getNamespace() + "/" + metadata.getName();
    }

    @Override
    public GenericKubernetesResource put(String key, GenericKubernetesResource object) {
        Kept<V> kept = new Kept<>(trace(object), reader.apply(object));
        Kept<V> before = byKey.put(key, kept);
        if (before == null || !before.value().equals(kept.value())) {
            changes.incrementAndGet();
        }
        return before == null ? null : before.trace();
    }

    private static GenericKubernetesResource trace(GenericKubernetesResource object) {
        ObjectMeta metadata = new ObjectMeta();
        metadata.setNamespace(object.getMetadata().getNamespace());
        metadata.setName(object.getMetadata().getName());
        metadata.setResourceVersion(object.getMetadata().getResourceVersion());
        GenericKubernetesResource trace = new GenericKubernetesResource();
        trace.setApiVersion(object.getApiVersion());
        trace.setKind(object.getKind());
        trace.setMetadata(metadata);
        return trace;
    }

    @Override
    public GenericKubernetesResource remove(String key) {
        Kept<V> before = byKey.remove(key);
        if (before == null) {
            return null;
        }
        changes.incrementAndGet();
        return before.trace();
    }

    @Override
    public GenericKubernetesResource get(String key) {
        Kept<V> kept = byKey.get(key);
        return kept == null ? null : kept.trace();
    }

    @Override
    public Stream<String> keySet() {
        return byKey.keySet().stream();
    }

    @Override
    public Stream<GenericKubernetesResource> values() {
        return byKey.values().stream().map(Kept::trace);
    }

    @Override
    public int size() {
        return byKey.size();
    }
}
