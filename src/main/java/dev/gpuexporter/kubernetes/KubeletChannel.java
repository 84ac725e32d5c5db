package dev.gpuexporter.kubernetes;

import dev.gpuexporter.kubernetes.podresources.v1.AllocatableResourcesRequest;
import dev.gpuexporter.kubernetes.podresources.v1.AllocatableResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesRequest;
import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.PodResourcesListerGrpc;
import io.grpc.Attributes;
import io.grpc.ClientTransportFilter;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** gRPC to one socket file. All calls throw {@link io.grpc.StatusRuntimeException}. */
final class KubeletChannel implements AutoCloseable {
    /** The kubelet's own limit for what it sends; gRPC for Java stops at 4 MiB unless told. */
    private static final int LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;

    /** Held, or its level is forgotten: gRPC would log, past SLF4J, each packet of an answer that is too large. */
    private static final Logger GRPC_LOG = Logger.getLogger("io.grpc");

    static {
        GRPC_LOG.setLevel(Level.SEVERE);
    }

    private final ManagedChannel channel;
    private final Duration deadline;

    /** Connects with the first call, and again by itself when the connection breaks. */
    KubeletChannel(Path socket, Duration deadline, EventLoopGroup loop, Runnable connected) {
        this.deadline = deadline;
        this.channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .eventLoopGroup(loop)
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                // gRPC sets it on every socket; Netty would warn at each connection that a unix socket has no such
                // thing.
                .withOption(ChannelOption.SO_KEEPALIVE, null)
                // A path is no authority: strict servers refuse the call.
                .overrideAuthority("localhost")
                .usePlaintext()
                .maxInboundMessageSize(LARGEST_ANSWER_BYTES)
                .disableRetry()
                // The calling thread waits for the answer and decodes it: no pool is needed.
                .directExecutor()
                .addTransportFilter(new ClientTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes attributes) {
                        connected.run();
                        return attributes;
                    }
                })
                .build();
    }

    ListPodResourcesResponse list() {
        return PodResourcesListerGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .list(ListPodResourcesRequest.getDefaultInstance());
    }

    AllocatableResourcesResponse allocatable() {
        return PodResourcesListerGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .getAllocatableResources(AllocatableResourcesRequest.getDefaultInstance());
    }

    dev.gpuexporter.kubernetes.podresources.v1alpha1.ListPodResourcesResponse listV1alpha1() {
        return dev.gpuexporter.kubernetes.podresources.v1alpha1.PodResourcesListerGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .list(dev.gpuexporter.kubernetes.podresources.v1alpha1.ListPodResourcesRequest.getDefaultInstance());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
