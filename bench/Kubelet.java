package bench;

import dev.gpuexporter.kubernetes.podresources.v1.AllocatableResourcesRequest;
import dev.gpuexporter.kubernetes.podresources.v1.AllocatableResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerDevices;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerResources;
import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesRequest;
import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.PodResources;
import dev.gpuexporter.kubernetes.podresources.v1.PodResourcesListerGrpc;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.Closeable;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Lists the pods and their devices on a unix socket, as a node's kubelet does. */
final class Kubelet implements Closeable {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Server server;

    /** @param root where its files lie, as below {@code /var/lib/kubelet} */
    Kubelet(Path root, List<Pod> pods) throws IOException {
        Path socket = Files.createDirectories(root.resolve("pod-resources")).resolve("kubelet.sock");
        server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .withChildOption(ChannelOption.SO_KEEPALIVE, null) // unknown to unix sockets
                .addService(new Lister(pods))
                .build()
                .start();
    }

    private static final class Lister extends PodResourcesListerGrpc.PodResourcesListerImplBase {
        private final ListPodResourcesResponse pods;
        private final AllocatableResourcesResponse devices;

        Lister(List<Pod> all) {
            ListPodResourcesResponse.Builder holders = ListPodResourcesResponse.newBuilder();
            AllocatableResourcesResponse.Builder shares = AllocatableResourcesResponse.newBuilder();
            for (Pod pod : all) {
                ContainerDevices share = ContainerDevices.newBuilder()
                        .setResourceName("nvidia.com/gpu")
                        .addDeviceIds(pod.device())
                        .build();
                shares.addDevices(share);
                holders.addPodResources(PodResources.newBuilder()
                        .setNamespace(pod.namespace())
                        .setName(pod.name())
                        .addContainers(
                                ContainerResources.newBuilder().setName("main").addDevices(share)));
            }
            pods = holders.build();
            devices = shares.build();
        }

        @Override
        public void list(ListPodResourcesRequest request, StreamObserver<ListPodResourcesResponse> answer) {
            answer.onNext(pods);
            answer.onCompleted();
        }

        @Override
        public void getAllocatableResources(
                AllocatableResourcesRequest request, StreamObserver<AllocatableResourcesResponse> answer) {
            answer.onNext(devices);
            answer.onCompleted();
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
