package dev.gpuexporter.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The node's processes in {@code /proc}; what is not there, or not ours to read, is empty. */
final class HostProcesses {
    /** The kernel's fixed inode of the first PID namespace, PROC_PID_INIT_INO of its proc_ns.h. */
    private static final String FIRST_NAMESPACE = "pid:[4026531836]";

    /** On a host, and nowhere else, the second process is the parent of the kernel's threads. */
    private static final int KERNEL_THREADS = 2;

    private static final Pattern UPTIME = Pattern.compile("([0-9]{1,12})\\.([0-9]{2}) .*", Pattern.DOTALL);

    private final Path proc;

    HostProcesses(Path proc) {
        this.proc = proc;
    }

    /** Whether a PID means the same here as on the host: in another namespace, it is some other process. */
    boolean areVisible() {
        // Where the host's /proc is mounted under another name, our own entry in it shows our own namespace.
        return inFirstNamespace()
                || stat(KERNEL_THREADS)
                        .filter(second -> second.command().equals("kthreadd"))
                        .isPresent();
    }

    private boolean inFirstNamespace() {
        try {
            return Files.readSymbolicLink(proc.resolve("self/ns/pid"))
                    .toString()
                    .equals(FIRST_NAMESPACE);
        } catch (IOException hidden) {
            return false;
        }
    }

    Optional<ProcessStat> stat(long pid) {
        return read(pid + "/stat").flatMap(ProcessStat::parse);
    }

    Optional<PodCgroup> cgroup(long pid) {
        return read(pid + "/cgroup").flatMap(PodCgroup::parse);
    }

    /** How long the node has been up, on the clock that processes' starts are counted in. */
    Optional<Duration> uptime() {
        return read("uptime").map(UPTIME::matcher).filter(Matcher::matches).map(uptime -> Duration.ofSeconds(
                        Long.parseLong(uptime.group(1)))
                .plusMillis(10 * Long.parseLong(uptime.group(2))));
    }

    /** Byte by byte, since the name of a process or a cgroup may be no text. */
    private Optional<String> read(String file) {
        try {
            return Optional.of(new String(Files.readAllBytes(proc.resolve(file)), StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
