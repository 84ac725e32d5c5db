import dev.gpuexporter.kubernetes.podresources.v1.AllocatableResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerDevices;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerResources;
import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.PodResources;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs the exporter as it runs on a node, writes down which classes it takes, and archives them linked: a simulated node
 * has GPUs to read, and one without a driver has a kubelet on a socket; together they use what a real one does.
 */
final class Training {
    /** Under emulation everything takes its time. */
    private static final long PATIENCE_SECONDS = 300;

    /** Long enough for all GPUs to be read within it, in a JVM that has loaded nothing yet. */
    private static final int POLL_SECONDS = 3;

    private static final int POLLS = 2;

    /** What a node is asked for; the status page takes classes of its own, and few look at it. */
    private static final List<String> PATHS = List.of("/metrics", "/-/healthy", "/-/ready", "/health");

    private static final List<String> FORMATS =
            List.of("text/plain;version=0.0.4", "application/openmetrics-text;version=1.0.0");

    private final Path image;
    private final Path work;
    private final Set<String> classes = new LinkedHashSet<>();

    private Training(Path image, Path work) {
        this.image = image;
        this.work = work;
    }

    public static void main(String[] arguments) throws Exception {
        Path work = Path.of(arguments[1]);
        Training training = new Training(Path.of(arguments[0]), work);
        training.serve(Map.of(), List.of("--simulate", "h200x8"), "gpu_workload_info{");
        Path root = Files.createDirectories(work.resolve("pod-resources")).getParent();
        Vertx kubelet = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
        listen(kubelet, root.resolve("pod-resources/kubelet.sock"));
        training.serve(
                Map.of("GPU_EXPORTER_KUBERNETES_KUBELET_ROOT", root.toString()),
                List.of(),
                "gpu_exporter_kubelet_up 1");
        kubelet.close().await();
        training.archive();
    }

    /** Scrapes it in every form, poll after poll, asks for its health, and stops it. */
    private void serve(Map<String, String> environment, List<String> arguments, String awaited) throws Exception {
        String address = "127.0.0.1:" + freePort();
        List<String> serve = new ArrayList<>(List.of("--listen", address));
        serve.addAll(arguments);
        Process exporter = exporter(environment, "serve.classes", serve);
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            HttpClient http = HttpClient.newHttpClient();
            while (!scrape(http, address).contains(awaited)) {
                if (!exporter.isAlive() || System.nanoTime() > end) {
                    throw new IOException("the exporter never said " + awaited);
                }
                Thread.sleep(100);
            }
            for (int i = 0; i < POLLS; i++) {
                TimeUnit.SECONDS.sleep(POLL_SECONDS);
                scrape(http, address);
            }
        } finally {
            exporter.destroy();
        }
        await(exporter);
        note("serve.classes");
    }

    /**
     * Without the simulation's, which no node needs. Ids would tell classes of loaders of one's own apart; ours are those
     * of one run, and would clash with another's.
     */
    private void note(String classList) throws IOException {
        for (String line : Files.readAllLines(work.resolve(classList))) {
            if (!line.contains(" source: ") && !line.contains("dev/gpuexporter/simulation/")) {
                classes.add(line.replaceFirst(" id: \\d+$", ""));
            }
        }
    }

    private Process exporter(Map<String, String> environment, String classList, List<String> arguments)
            throws IOException {
        List<String> command = java("-XX:DumpLoadedClassList=" + work.resolve(classList));
        command.addAll(List.of("-jar", image.resolve("gpu-exporter.jar").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("GPU_EXPORTER_POLL_INTERVAL", POLL_SECONDS + "s");
        builder.environment().put("GPU_EXPORTER_KUBERNETES_REFRESH_INTERVAL", "1s");
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** The image's JVM with the image's options. */
    private List<String> java(String... options) {
        List<String> command = new ArrayList<>();
        command.add(image.resolve("java/bin/java").toString());
        command.add("@" + image.resolve("jvm.options"));
        command.addAll(List.of(options));
        return command;
    }

    /** Answers the last page of metrics, empty while nobody listens. */
    private static String scrape(HttpClient http, String address) throws InterruptedException {
        String page = "";
        for (String path : PATHS) {
            for (String format : FORMATS) {
                for (String encoding : List.of("gzip", "identity")) {
                    HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                            .header("Accept", format)
                            .header("Accept-Encoding", encoding)
                            .build();
                    try {
                        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
                        page = path.equals("/metrics") ? response.body() : page;
                    } catch (IOException notYet) {
                        return "";
                    }
                }
            }
        }
        return page;
    }

    private void archive() throws Exception {
        Path list = Files.write(work.resolve("all.classes"), classes);
        Path log = work.resolve("archive.log");
        List<String> command = java(
                "-Xshare:dump",
                "-XX:+AOTClassLinking",
                "-XX:SharedClassListFile=" + list,
                "-XX:SharedArchiveFile=" + image.resolve("gpu-exporter.jsa"),
                // Else it would name each class that it leaves out.
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-cp",
                image.resolve("gpu-exporter.jar").toString());
        await(new ProcessBuilder(command)
                .redirectOutput(log.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private static void await(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(process.info().commandLine().orElse("a command") + " failed");
        }
    }

    /** Answers as gRPC does: a byte for no compression, four for the length, the message, and the status behind it. */
    private static void listen(Vertx vertx, Path socket) {
        ContainerDevices devices = ContainerDevices.newBuilder()
                .setResourceName("nvidia.com/gpu")
                .addDeviceIds("GPU-8a8915a7-4996-499c-95f7-0b297018eb05")
                .build();
        PodResources pod = PodResources.newBuilder()
                .setNamespace("research")
                .setName("train-0")
                .addContainers(ContainerResources.newBuilder().setName("main").addDevices(devices))
                .build();
        byte[] pods = ListPodResourcesResponse.newBuilder()
                .addPodResources(pod)
                .build()
                .toByteArray();
        byte[] allocatable = AllocatableResourcesResponse.newBuilder()
                .addDevices(devices)
                .build()
                .toByteArray();
        vertx.createHttpServer()
                .requestHandler(request -> {
                    byte[] message = request.path().endsWith("/List") ? pods : allocatable;
                    request.response()
                            .putHeader("content-type", "application/grpc")
                            .putTrailer("grpc-status", "0");
                    request.response()
                            .end(Buffer.buffer()
                                    .appendByte((byte) 0)
                                    .appendInt(message.length)
                                    .appendBytes(message));
                })
                .listen(SocketAddress.domainSocketAddress(socket.toString()))
                .await();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
