package dev.gpuexporter.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the kubelet's PodResources API over its unix socket: {@code /v1.PodResourcesLister/List} and {@code
 * GetAllocatableResources}, and where version 1 is unknown (before Kubernetes 1.20) {@code
 * /v1alpha1.PodResourcesLister/List}. Connecting takes user 0.
 */
public final class PodResourcesClient implements PodResourcesSource {
    private static final Logger LOG = LoggerFactory.getLogger(PodResourcesClient.class);

    private final KubeletSocket socket;
    private final Duration deadline;
    private final AtomicLong connections = new AtomicLong();

    private KubeletChannel channel;
    private List<Object> channelTo = List.of();
    // The connections on which a method was found missing: the next kubelet may know it.
    private long withoutV1 = -1;
    private long withoutAllocatable = -1;

    /**
     * Connects to nothing yet.
     *
     * @param deadline for each call; one reading makes three at most
     */
    public PodResourcesClient(KubeletSocket socket, Duration deadline) {
        this.socket = socket;
        this.deadline = deadline;
    }

    @Override
    public synchronized PodResourcesAnswer read() throws KubeletException {
        Path path = socket.find()
                .orElseThrow(() -> new KubeletException(GrpcStatus.UNAVAILABLE.name(), "no socket at " + socket));
        try {
            open(path);
            List<Allocation> allocations = list(path);
            Optional<Map<String, Set<DeviceId>>> allocatable = allocatable();
            // Read last: if the kubelet went between the two calls, this is already the next one's connection.
            return new PodResourcesAnswer(allocations, allocatable, connections.get());
        } catch (KubeletFailure failed) {
            KubeletException failure = failed.at(path);
            if (!failure.kubeletIsUp()) {
                disconnect();
            }
            throw failure;
        }
    }

    private void open(Path path) {
        List<Object> identity = KubeletSocket.identity(path);
        if (channel == null || !channelTo.equals(identity)) {
            disconnect();
            channel = new KubeletChannel(path, deadline, connections::incrementAndGet);
            channelTo = identity;
        }
    }

    private void disconnect() {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    private List<Allocation> list(Path path) {
        if (withoutV1 != connections.get()) {
            try {
                return channel.list();
            } catch (KubeletFailure failed) {
                if (failed.status() != GrpcStatus.UNIMPLEMENTED) {
                    throw failed;
                }
            }
        }
        List<Allocation> allocations = channel.listV1alpha1();
        if (withoutV1 != connections.get()) {
            withoutV1 = connections.get();
            LOG.info("kubelet: {} has no PodResources v1, only v1alpha1: no allocatable devices, no DRA", path);
        }
        return allocations;
    }

    /** Owners matter more than stock: whatever goes wrong here, the list stands. */
    private Optional<Map<String, Set<DeviceId>>> allocatable() {
        long connection = connections.get();
        if (withoutV1 == connection || withoutAllocatable == connection) {
            return Optional.empty();
        }
        try {
            return Optional.of(channel.allocatable());
        } catch (KubeletFailure failed) {
            LOG.debug(
                    "kubelet: no answer from GetAllocatableResources ({}: {})",
                    failed.status(),
                    OneLine.of(failed.getMessage()));
            if (failed.status() == GrpcStatus.UNIMPLEMENTED) {
                withoutAllocatable = connection;
            }
            return Optional.empty();
        }
    }

    @Override
    public synchronized void close() {
        disconnect();
    }
}
