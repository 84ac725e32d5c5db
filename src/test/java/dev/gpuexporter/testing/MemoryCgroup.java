package dev.gpuexporter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A limit on memory that the kernel keeps, as a container's is: a cgroup of this test's own, of version 1 or 2. */
public final class MemoryCgroup implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final Path directory;
    private final boolean second;

    private MemoryCgroup(Path directory, boolean second) {
        this.directory = directory;
        this.second = second;
    }

    /** @throws MissingToolException where none may be made */
    public static MemoryCgroup of(long bytes) {
        Tool.MEMORY_CGROUP.require();
        try {
            MemoryCgroup made = make();
            made.limit(bytes);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean mayBeMade() {
        try (MemoryCgroup made = make()) {
            made.limit(1L << 30);
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private static MemoryCgroup make() throws IOException {
        Path first = ROOT.resolve("memory");
        boolean second = !Files.isDirectory(first);
        if (second) {
            Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+memory");
        }
        return new MemoryCgroup(Files.createTempDirectory(second ? ROOT : first, "gpu-exporter-test"), second);
    }

    private void limit(long bytes) throws IOException {
        write(second ? "memory.max" : "memory.limit_in_bytes", Long.toString(bytes));
        Path swap = directory.resolve(second ? "memory.swap.max" : "memory.memsw.limit_in_bytes");
        if (Files.exists(swap)) {
            write(swap.getFileName().toString(), second ? "0" : Long.toString(bytes));
        }
    }

    private void write(String file, String value) throws IOException {
        Files.writeString(directory.resolve(file), value);
    }

    /** What runs the command that follows it within the limit. */
    public List<String> under() {
        return List.of("sh", "-c", "echo $$ > " + directory.resolve("cgroup.procs") + "; exec \"$@\"", "sh");
    }

    /** How often the kernel has killed somebody for want of memory. */
    public long kills() throws IOException {
        String file = second ? "memory.events" : "memory.oom_control";
        Optional<String> line = Files.readAllLines(directory.resolve(file)).stream()
                .filter(one -> one.startsWith("oom_kill "))
                .findFirst();
        return Long.parseLong(line.orElseThrow().split(" ")[1]);
    }

    @Override
    public void close() {
        Eventually.holds("the cgroup is empty", () -> {
            try {
                Files.deleteIfExists(directory);
                return true;
            } catch (IOException busy) {
                return false;
            }
        });
    }
}
