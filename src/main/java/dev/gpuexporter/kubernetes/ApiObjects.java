package dev.gpuexporter.kubernetes;

import dev.gpuexporter.config.Settings;
import java.util.Optional;

/** All that is watched of the API server, behind one client. */
public final class ApiObjects implements AutoCloseable {
    private final ApiServer server;
    private final Optional<PodMetadata> pods;
    private final Optional<ResourceSlices> slices;
    private final Optional<PodLabels> podLabels;

    /**
     * Asks nothing yet.
     *
     * @param server closed together with this
     * @param settings with a node's name, and something that is on
     */
    public ApiObjects(ApiServer server, Settings.ApiServer settings) {
        String node = settings.nodeName().orElseThrow();
        this.server = server;
        this.podLabels = settings.podMetadata() ? Optional.of(new PodLabels(settings.podLabels())) : Optional.empty();
        this.pods = podLabels.map(labels -> new PodMetadata(server, node, labels));
        this.slices = settings.resourceSlices() ? Optional.of(new ResourceSlices(server, node)) : Optional.empty();
    }

    /** Asks, soon, and goes on. */
    public void start() {
        pods.ifPresent(PodMetadata::start);
        slices.ifPresent(ResourceSlices::start);
    }

    /** Whether the latest call was answered as it should be; false before the first. */
    boolean isUp() {
        return server.isUp();
    }

    public PodIndex pods() {
        return pods.map(PodMetadata::current).orElse(PodIndex.EMPTY);
    }

    DraDevices devices() {
        return slices.map(ResourceSlices::current).orElse(DraDevices.NONE);
    }

    /** Which labels of pods are shown; empty where pods are not asked for. */
    public Optional<PodLabels> podLabels() {
        return podLabels;
    }

    @Override
    public void close() {
        pods.ifPresent(PodMetadata::close);
        slices.ifPresent(ResourceSlices::close);
        server.close();
    }
}
