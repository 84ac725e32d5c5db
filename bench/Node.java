package bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an exporter finds where it runs: a driver with eight GPUs; if there is more, a kubelet that has given them to 64
 * pods, and the API server that knows these. Or a simulation in the exporter's own process, which no node has.
 */
final class Node implements Closeable {
    private static final Path LIBRARY = Path.of("target/bench/nvml").toAbsolutePath();

    private final String name;
    private final List<String> arguments;
    private final Map<String, String> environment = new HashMap<>();
    private Optional<Path> directory = Optional.empty();
    private Optional<Kubelet> kubelet = Optional.empty();
    private Optional<ApiServer> apiServer = Optional.empty();

    /** What a scrape says once all are asked. */
    private String settled = "\ngpu_up{";

    private Node(String name, String... arguments) {
        this.name = name;
        this.arguments = List.of(arguments);
    }

    static Node simulated(String scenario) {
        return new Node("simulated", "--simulate", scenario);
    }

    static Node withDriver() {
        Node node = new Node("compiled driver").addDriver();
        node.environment.put("GPU_EXPORTER_KUBERNETES_ATTRIBUTION", "off");
        return node;
    }

    static Node withKubelet() throws IOException {
        return new Node("compiled driver and kubelet").addDriver().addKubelet();
    }

    static Node withApiServer() throws IOException, InterruptedException {
        Node node =
                new Node("compiled driver, kubelet and API server").addDriver().addKubelet();
        try {
            return node.addApiServer();
        } catch (IOException | InterruptedException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private Node addDriver() {
        environment.putAll(driver());
        environment.put("GPU_EXPORTER_NVML_LIBRARY", LIBRARY.toString());
        return this;
    }

    private Node addKubelet() throws IOException {
        Path root = Files.createTempDirectory("gpu-exporter-bench"); // short: so is the path of a unix socket
        directory = Optional.of(root);
        kubelet = Optional.of(new Kubelet(root, Pod.all()));
        environment.put("GPU_EXPORTER_KUBERNETES_KUBELET_ROOT", root.toString());
        settled = "pod=\"" + last().name() + "\"";
        return this;
    }

    private Node addApiServer() throws IOException, InterruptedException {
        ApiServer server = new ApiServer(directory.orElseThrow(), Pod.all());
        apiServer = Optional.of(server);
        environment.putAll(server.environment());
        settled = "pod_uid=\"" + last().uid() + "\"";
        return this;
    }

    private static Pod last() {
        return Pod.all().get(Pod.all().size() - 1);
    }

    /** What the compiled driver's library reads of its environment. */
    static Map<String, String> driver() {
        return Map.of("FAKE_NVML_GPUS", Integer.toString(Pod.GPUS));
    }

    static Path library() {
        return LIBRARY;
    }

    String name() {
        return name;
    }

    /** An exporter that knows all that there is to know here. */
    ExporterProcess start(Jdk jdk) throws IOException, InterruptedException {
        ExporterProcess exporter = ExporterProcess.start(jdk, environment, arguments.toArray(String[]::new));
        try {
            exporter.awaitPageWith(settled);
            return exporter;
        } catch (IOException | InterruptedException e) {
            exporter.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        apiServer.ifPresent(ApiServer::close);
        kubelet.ifPresent(Kubelet::close);
        if (directory.isPresent()) {
            try (Stream<Path> files = Files.walk(directory.get())) {
                files.sorted(Comparator.reverseOrder()).forEach(Node::delete);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
