package dev.gpuexporter.kubernetes;

/** Where answers about the node's devices come from: the kubelet, or a simulated node. */
@FunctionalInterface
public interface PodResourcesSource extends AutoCloseable {
    /**
     * Asks once. Never blocks for long: a kubelet that hangs becomes an exception.
     *
     * @throws KubeletException if there is no answer
     */
    PodResourcesAnswer read() throws KubeletException;

    @Override
    default void close() {}
}
