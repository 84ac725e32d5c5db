package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.MainProcess;
import dev.gpuexporter.testing.MainProcess.Ended;
import dev.gpuexporter.testing.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a shell, systemd or a kubelet sees: variables, exit codes, and whether anything listens. */
class CommandLineProcessTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void refusesABadVariableBeforeAnythingListens() throws Exception {
        int port = freePort();
        Ended ended = MainProcess.run(
                Map.of("GPU_EXPORTER_KUBERNETES_ATTRIBUTION", "label"),
                "--simulate",
                "t4",
                "--listen",
                "127.0.0.1:" + port);
        assertThat(ended.errors())
                .containsExactly("gpu-exporter: GPU_EXPORTER_KUBERNETES_ATTRIBUTION: \"label\" is not known;"
                        + " there are labels, info, off");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output()).isEmpty();
        assertThat(isOpen(port)).isFalse();
    }

    @Test
    void warnsOfAnUnknownVariableAndGoesOn() throws Exception {
        Ended ended = MainProcess.run(
                Map.of("GPU_EXPORTER_POL_INTERVAL", "5s", "GPU_EXPORTER_SERVICE_HOST", "10.96.0.7"),
                "print",
                "--simulate",
                "t4");
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.errors()).hasSize(1);
        assertThat(ended.errors().get(0))
                .endsWith(
                        "WARN  GPU_EXPORTER_POL_INTERVAL: no such setting, ignored; did you mean GPU_EXPORTER_POLL_INTERVAL?");
        assertThat(ended.output()).startsWith("GPU  MODEL");
    }

    /** Serial numbers among it, which the simulated driver writes. */
    @Test
    void writesTheSameDigitsWhateverTheMachinesLanguage() throws Exception {
        String[] print = {"print", "--simulate", "t4", "--format", "prometheus"};
        String persian = MainProcess.run(Map.of("JDK_JAVA_OPTIONS", "-Duser.language=fa -Duser.country=IR"), print)
                .output();
        assertThat(persian).contains("serial=\"16").containsPattern("\\A\\p{ASCII}+\\z");
    }

    @Test
    void endsWhereThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Ended ended = MainProcess.run(Map.of("GPU_EXPORTER_LISTEN", address), "--simulate", "t4");
            assertThat(ended.errors())
                    .last()
                    .isEqualTo("gpu-exporter: listen: " + address + ": Address already in use");
            assertThat(ended.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void printsNothingWithoutNvmlAndSaysWhatItLookedFor() throws Exception {
        Tool.NO_DRIVER.require();
        Ended ended = MainProcess.run(Map.of("GPU_EXPORTER_KUBERNETES_ATTRIBUTION", "off"), "print");
        assertThat(ended.errors()).hasSize(1);
        assertThat(ended.errors().get(0))
                .startsWith("gpu-exporter: NVML not found: ")
                .contains("libnvidia-ml.so.1 on the loader's path", "/run/nvidia/driver/usr/lib64");
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).isEmpty();
    }

    @Test
    void servesWithoutNvmlAndSaysSo() throws Exception {
        Tool.NO_DRIVER.require();
        Map<String, String> environment = Map.of("GPU_EXPORTER_KUBERNETES_ATTRIBUTION", "off");
        try (MainProcess main = MainProcess.start(environment, "serve", "--listen", "127.0.0.1:0")) {
            URI root = URI.create(
                    main.awaitError("ctrl-c to stop").replaceFirst("^.* (http://127\\.0\\.0\\.1:\\d+/) .*$", "$1"));
            assertThat(main.awaitError("NVML"))
                    .contains("WARN  NVML not found: ", "libnvidia-ml.so.1 on the loader's path", "/run/nvidia/driver");

            assertThat(get(root.resolve("/metrics")).body())
                    .contains("\ngpu_exporter_nvml_up 0.0\n", "\ngpu_exporter_simulated 0.0\n")
                    .doesNotContain("\ngpu_up");
            HttpResponse<String> ready = get(root.resolve("/-/ready"));
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body())
                    .startsWith("NVML not found: ")
                    .contains("libnvidia-ml.so.1 on the loader's path", "/run/nvidia/driver");
            assertThat(get(root.resolve("/-/healthy")).statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
