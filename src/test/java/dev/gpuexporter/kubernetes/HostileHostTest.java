package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.SteppedClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever bytes a process puts into its name and its cgroup, there is an answer. */
class HostileHostTest {
    private static final SteppedClock CLOCK = new SteppedClock();

    private static Path directory;
    private static FakeHost host;

    @BeforeContainer
    static void start() throws IOException {
        directory = Files.createTempDirectory("host");
        host = new FakeHost(directory).shared();
    }

    @AfterContainer
    static void clear() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Property(tries = 300)
    void anyBytesAreSomeCgroup(@ForAll byte[] cgroup) throws IOException {
        host.run(1, "any", 900, cgroup);
        assertThat(host.owner(CLOCK).origin(1, CLOCK.instant())).isNotNull();
    }

    @Property(tries = 300)
    void anyPathIsSomeCgroup(@ForAll("paths") String path) {
        assertThat(PodCgroup.parse(path)).isNotNull();
    }

    @Property(tries = 300)
    void anyTextIsSomeStat(@ForAll String stat) {
        assertThat(ProcessStat.parse(stat)).isNotNull();
    }

    @Property(tries = 300)
    void anyNameIsSomeLog(@ForAll("paths") String name, @ForAll("paths") String target) {
        String fileName = name.replace("\0", "").replace('/', '_');
        assertThat(ContainerLog.of(fileName, () -> Optional.of(Path.of(target.replace("\0", "")))))
                .isNotNull();
        assertThat(PodLogDirectory.of(fileName)).isNotNull();
    }

    /** Texts out of the pieces that the real ones are made of. */
    @Provide
    Arbitrary<String> paths() {
        String id = "228e6c286db95edaf54efbffee8502aa470ef5c7ecca947bb6e275e0648ecd42";
        return Arbitraries.of(
                        "0",
                        ":",
                        "::",
                        "/",
                        "..",
                        "\n",
                        "\0",
                        "_",
                        "-",
                        ".log",
                        ".slice",
                        ".scope",
                        "pod",
                        "kubepods-pod",
                        "72e522f4-0b55-4fe4-9fde-eee190106199",
                        "72e522f4_0b55_4fe4_9fde_eee190106199",
                        id,
                        "crio-",
                        "crio-conmon-",
                        "cri-containerd-",
                        "container",
                        " (deleted)",
                        "x".repeat(120))
                .list()
                .ofMaxSize(30)
                .map(pieces -> String.join("", pieces));
    }

    @Property(tries = 20)
    void aLongPathTakesNoTime(@ForAll("pieces") String piece) {
        String text = piece.repeat(100_000 / piece.length());
        assertThat(PodCgroup.parse("0::/" + text)).isEmpty();
        assertThat(PodCgroup.parse(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)))
                .isEmpty();
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of("a-", "pod", "a-pod", "pod72e522f4", "crio-", "0", "/", ":", "-");
    }
}
