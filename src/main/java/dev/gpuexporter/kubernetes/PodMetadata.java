package dev.gpuexporter.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;

/**
 * What the API server knows of this node's pods, kept fresh by one watch. Readers take {@link #current} at any time and
 * never wait; while the server is away, what was last known stands.
 */
public final class PodMetadata implements AutoCloseable {
    private final ApiServer server;
    private final String node;
    private final KeptObjects<PodDescription> pods;

    private SharedIndexInformer<GenericKubernetesResource> informer;
    private PodIndex current = PodIndex.EMPTY;
    private long changesInCurrent;
    private boolean closed;

    /**
     * Asks nothing yet.
     *
     * @param node the name of this node: without it, the pods of the whole cluster would come
     * @throws IllegalArgumentException where the name is blank
     */
    public PodMetadata(ApiServer server, String node, PodLabels labels) {
        if (node.isBlank()) {
            throw new IllegalArgumentException("without the node's name, the pods of the whole cluster would come");
        }
        this.server = server;
        this.node = node;
        this.pods = new KeptObjects<>(new PodDescriber(labels)::describe);
    }

    /** Watches from soon on, for as long as it takes the server to answer. */
    public void start() {
        server.soon(this::watch);
    }

    private synchronized void watch() {
        if (closed) {
            return;
        }
        ResourceDefinitionContext kind = new ResourceDefinitionContext.Builder()
                .withVersion("v1")
                .withKind("Pod")
                .withPlural("pods")
                .withNamespaced(true)
                .build();
        informer =
                server.informer(kind, Map.of("spec.nodeName", node), pods).exceptionHandler((started, failure) -> true);
        informer.start();
    }

    /** The node's pods; the same object until something about them changes. */
    public synchronized PodIndex current() {
        long changes = pods.changes();
        if (changes != changesInCurrent) {
            current = PodIndex.of(pods.read());
            changesInCurrent = changes;
        }
        return current;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (informer != null) {
            informer.close();
        }
    }
}
