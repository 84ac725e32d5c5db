package dev.gpuexporter.kubernetes;

import dev.gpuexporter.kubernetes.podresources.v1.AllocatableResourcesRequest;
import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesRequest;
import dev.gpuexporter.kubernetes.podresources.v1.PodResourcesListerGrpc;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientTransportFilter;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
                // A few kilobytes every ten seconds need no pool, and a large answer may exceed the JVM's direct
                // memory.
                .withOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false, true))
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

    List<Allocation> list() {
        return call(
                        PodResourcesListerGrpc.getListMethod(),
                        ListPodResourcesRequest.getDefaultInstance(),
                        ListedDevices.V1)
                .allocations();
    }

    Map<String, Set<DeviceId>> allocatable() {
        return call(
                        PodResourcesListerGrpc.getGetAllocatableResourcesMethod(),
                        AllocatableResourcesRequest.getDefaultInstance(),
                        ListedDevices.ALLOCATABLE)
                .byResource();
    }

    List<Allocation> listV1alpha1() {
        return call(
                        dev.gpuexporter.kubernetes.podresources.v1alpha1.PodResourcesListerGrpc.getListMethod(),
                        dev.gpuexporter.kubernetes.podresources.v1alpha1.ListPodResourcesRequest.getDefaultInstance(),
                        ListedDevices.V1ALPHA1)
                .allocations();
    }

    private <Q, R> R call(MethodDescriptor<Q, ?> method, Q request, PieceByPiece<?, R> answer) {
        return ClientCalls.blockingUnaryCall(
                channel,
                method.toBuilder(method.getRequestMarshaller(), answer).build(),
                CallOptions.DEFAULT.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS),
                request);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
