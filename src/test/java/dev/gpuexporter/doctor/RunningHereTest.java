package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.config.SettingsLoader.Flag;
import dev.gpuexporter.doctor.RunningHere.Answer;
import dev.gpuexporter.testing.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where TLS is spoken, and what goes wrong is not TLS's fault. */
class RunningHereTest {
    @TempDir
    private Path directory;

    @Test
    void saysThatAnAnswerBrokeOff() throws Exception {
        Answer answer = answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nal");
        assertThat(answer.text()).isEqualTo("the answer broke off (Premature EOF)");
        assertThat(answer.status()).isZero();
        assertThat(answer.refusesTls()).isFalse();
    }

    @Test
    void saysThatItIsNoHttp() throws Exception {
        Answer answer = answered("SSH-2.0-OpenSSH_9.2\r\n");
        assertThat(answer.text()).isEqualTo("what answers does not speak HTTP");
        assertThat(answer.refusesTls()).isFalse();
    }

    @Test
    void saysThatThereIsNoSuchAddress() throws Exception {
        Answer answer = ask("nowhere.invalid:9400");
        assertThat(answer.text()).isEqualTo("no such address");
        assertThat(answer.refusesTls()).isFalse();
    }

    private static Answer ask(String address) throws IOException {
        return RunningHere.byTls(new SettingsLoader()
                        .load(Optional.empty(), Map.of(), List.of(new Flag("--listen", "listen", address)))
                        .settings())
                .ask("/-/healthy");
    }

    /** By TLS, and no more than this. */
    private Answer answered(String bytes) throws Exception {
        try (ServerSocket server = new Certificates(directory)
                .server("server")
                .serving()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            Answer answer = ask("127.0.0.1:" + server.getLocalPort());
            served.get();
            return answer;
        }
    }
}
