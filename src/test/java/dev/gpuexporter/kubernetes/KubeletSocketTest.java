package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeletSocketTest {
    @TempDir
    private Path directory;

    @Test
    void looksWhereKubeletsKeepIt() {
        assertThat(KubeletSocket.under(KubeletSocket.KUBELET_ROOTS))
                .hasToString("/var/lib/kubelet/pod-resources/kubelet.sock, "
                        + "/var/snap/microk8s/common/var/lib/kubelet/pod-resources/kubelet.sock, "
                        + "/var/lib/k0s/kubelet/pod-resources/kubelet.sock");
    }

    @Test
    void takesTheFirstThatIsThereAndLooksAgainEachTime() throws Exception {
        Path first = directory.resolve("first.sock");
        Path second = directory.resolve("second.sock");
        KubeletSocket socket = new KubeletSocket(List.of(first, second));

        assertThat(socket.find()).isEmpty();
        Files.createFile(second);
        assertThat(socket.find()).contains(second);
        Files.createFile(first);
        assertThat(socket.find()).contains(first);
    }

    @Test
    void tellsAFileFromTheOneThatReplacesIt() throws Exception {
        Path socket = Files.createFile(directory.resolve("kubelet.sock"));
        List<Object> before = KubeletSocket.identity(socket);
        assertThat(KubeletSocket.identity(socket)).isEqualTo(before);

        Path next = Files.createFile(directory.resolve("next.sock"));
        Files.delete(socket);
        Files.move(next, socket);
        assertThat(KubeletSocket.identity(socket)).isNotEqualTo(before);
    }

    /** File systems hand out the number of a file that is gone again. */
    @Test
    void tellsAFileFromALaterOneWithTheSameNumber() throws Exception {
        Path socket = Files.createFile(directory.resolve("kubelet.sock"));
        List<Object> before = KubeletSocket.identity(socket);
        Files.setLastModifiedTime(socket, FileTime.fromMillis(1));
        assertThat(KubeletSocket.identity(socket)).isNotEqualTo(before);
    }

    @Test
    void needsAPlaceToLook() {
        assertThatIllegalArgumentException().isThrownBy(() -> new KubeletSocket(List.of()));
    }
}
