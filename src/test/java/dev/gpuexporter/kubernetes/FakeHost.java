package dev.gpuexporter.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** A node's /proc and /var/log in a directory of a test. It has been up for 1000 seconds. */
public final class FakeHost {
    static final Duration PAUSE = Duration.ofSeconds(10);

    private final Path root;

    public FakeHost(Path root) throws IOException {
        this.root = root;
        write("proc/uptime", "1000.00 7654.32\n");
        Files.createDirectories(root.resolve("proc/self/ns"));
        Files.createDirectories(podLogs());
        Files.createDirectories(containerLogs());
    }

    FakeHost withPidNamespace(long inode) throws IOException {
        Files.deleteIfExists(proc().resolve("self/ns/pid"));
        Files.createSymbolicLink(proc().resolve("self/ns/pid"), Path.of("pid:[" + inode + "]"));
        return this;
    }

    public FakeHost shared() throws IOException {
        return withPidNamespace(4026531836L);
    }

    /** A process that started so many seconds after the boot. */
    public FakeHost run(int pid, String command, int startSeconds, String cgroup) throws IOException {
        return run(pid, command, startSeconds, cgroup.getBytes(StandardCharsets.UTF_8));
    }

    FakeHost run(int pid, String command, int startSeconds, byte[] cgroup) throws IOException {
        write("proc/" + pid + "/stat", stat(pid, command, startSeconds * 100L));
        Files.write(proc().resolve(pid + "/cgroup"), cgroup);
        return this;
    }

    /** As a real kernel wrote it. */
    static String stat(int pid, String command, long startTicks) {
        return pid + " (" + command + ") S 1 17 17 0 -1 4194560 12060 1234567 96 3210 310 425 9876 4321 20 0 1 0 "
                + startTicks + " 23072768 3297 18446744073709551615 1 1 0 0 0 0 671173123 4096 1260 0 0 0 17 3 0 0"
                + " 12 0 0 0 0 0 0 0 0 0 0\n";
    }

    /** A container's directory and its link, as the kubelet of this name would cut it. */
    public FakeHost log(String namespace, String pod, String uid, String container, String id) throws IOException {
        directory(namespace, pod, uid, container);
        String whole = pod + "_" + namespace + "_" + container + "-" + id;
        String name = whole.substring(0, Math.min(whole.length(), 251)) + ".log";
        Files.createSymbolicLink(
                containerLogs().resolve(name),
                Path.of("/var/log/pods", namespace + "_" + pod + "_" + uid, container, "0.log"));
        return this;
    }

    FakeHost directory(String namespace, String pod, String uid, String container) throws IOException {
        Files.createDirectories(
                podLogs().resolve(namespace + "_" + pod + "_" + uid).resolve(container));
        return this;
    }

    public ProcessOwner owner(InstantSource clock) {
        return owner(Optional.empty(), clock);
    }

    /** @param pods as the API server describes them */
    ProcessOwner owner(Optional<Supplier<PodIndex>> pods, InstantSource clock) {
        return new ProcessOwner(proc(), podLogs(), containerLogs(), PAUSE, pods, clock);
    }

    Path proc() {
        return root.resolve("proc");
    }

    Path podLogs() {
        return root.resolve("var/log/pods");
    }

    Path containerLogs() {
        return root.resolve("var/log/containers");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
