package bench;

import dev.gpuexporter.kubernetes.podresources.v1.AllocatableResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerDevices;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerResources;
import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.PodResources;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Lists the pods and their devices on a unix socket, as a node's kubelet does. */
final class Kubelet implements Closeable {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final byte[] pods;
    private final byte[] devices;

    /** @param root where its files lie, as below {@code /var/lib/kubelet} */
    Kubelet(Path root, List<Pod> all) throws IOException {
        Path socket = Files.createDirectories(root.resolve("pod-resources")).resolve("kubelet.sock");
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
        pods = holders.build().toByteArray();
        devices = shares.build().toByteArray();
        vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(SocketAddress.domainSocketAddress(socket.toString()))
                .await();
    }

    /** gRPC: a byte for no compression, four for the length, the message, and the status behind it. */
    private void answer(HttpServerRequest request) {
        byte[] message = request.path().endsWith("/List") ? pods : devices;
        request.response().putHeader("content-type", "application/grpc").putTrailer("grpc-status", "0");
        request.response()
                .end(Buffer.buffer()
                        .appendByte((byte) 0)
                        .appendInt(message.length)
                        .appendBytes(message));
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
