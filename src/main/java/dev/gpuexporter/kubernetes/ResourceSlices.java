package dev.gpuexporter.kubernetes;

import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What NVIDIA's DRA driver says its devices on this node are, kept fresh by one watch: for the devices of which the name
 * does not tell, see {@link DeviceId.Claimed#placement}. Readers never wait.
 */
public final class ResourceSlices implements AutoCloseable {
    /** Kubernetes has v1 since 1.34, v1beta1 since 1.32; both say the same. */
    private static final List<String> VERSIONS = List.of("v1", "v1beta1");

    /** A cluster without either may get one as it is upgraded. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

    private final ApiServer server;
    private final String node;
    private final KeptObjects<Slice> slices = new KeptObjects<>(Slice::of);

    private SharedIndexInformer<GenericKubernetesResource> informer;
    private DraDevices current = DraDevices.NONE;
    private long changesInCurrent;
    private boolean closed;

    /**
     * Asks nothing yet.
     *
     * @param node the name of this node: without it, the slices of the whole cluster would come
     * @throws IllegalArgumentException where the name is blank
     */
    public ResourceSlices(ApiServer server, String node) {
        if (node.isBlank()) {
            throw new IllegalArgumentException("without the node's name, the slices of the whole cluster would come");
        }
        this.server = server;
        this.node = node;
    }

    /** Watches from soon on, for as long as it takes the server to answer. */
    public void start() {
        server.soon(() -> watch(0));
    }

    private synchronized void watch(int version) {
        if (closed) {
            return;
        }
        ResourceDefinitionContext kind = new ResourceDefinitionContext.Builder()
                .withGroup("resource.k8s.io")
                .withVersion(VERSIONS.get(version))
                .withKind("ResourceSlice")
                .withPlural("resourceslices")
                .withNamespaced(false)
                .build();
        Map<String, String> fields = Map.of("spec.nodeName", node, "spec.driver", DeviceId.Claimed.GPU_DRIVER);
        informer = server.informer(kind, fields, slices)
                .exceptionHandler((started, failure) -> !isUnknownToServer(failure));
        informer.stopped().whenComplete((stopped, failure) -> {
            if (failure != null) {
                tryAfter(version);
            }
        });
        informer.start();
    }

    private void tryAfter(int version) {
        int next = (version + 1) % VERSIONS.size();
        server.after(next == 0 ? LOOK_AGAIN : Duration.ZERO, () -> watch(next));
    }

    private static boolean isUnknownToServer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException answered && answered.getCode() == HTTP_NOT_FOUND) {
                return true;
            }
        }
        return false;
    }

    /** The node's devices; the same object until something about them changes. */
    public synchronized DraDevices current() {
        long changes = slices.changes();
        if (changes != changesInCurrent) {
            current = DraDevices.of(slices.read());
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
