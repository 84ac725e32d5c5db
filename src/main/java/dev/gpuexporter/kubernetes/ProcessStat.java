package dev.gpuexporter.kubernetes;

import java.time.Duration;
import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says of a process.
 *
 * @param command the first 15 bytes of the program's name, or what it calls itself
 * @param startedAfterBoot when it started: together with the number, it tells one process from the next that gets the
 *     number
 */
record ProcessStat(String command, Duration startedAfterBoot) {
    /** The kernel counts in USER_HZ here, which is 100 on every architecture that has NVIDIA GPUs. */
    private static final long MILLIS_PER_TICK = 10;

    /** proc_pid_stat(5) counts fields from 1: the name is the second, the start the 22nd. */
    private static final int START_AFTER_NAME = 22 - 3;

    private static final String MPS = "nvidia-cuda-mps";

    /** The name stands in parentheses and may hold any character, parentheses and spaces among them. */
    static Optional<ProcessStat> parse(String file) {
        int open = file.indexOf('(');
        int close = file.lastIndexOf(')');
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String[] fields = file.substring(close + 1).strip().split(" ");
        if (fields.length <= START_AFTER_NAME || !fields[START_AFTER_NAME].matches("[0-9]{1,15}")) {
            return Optional.empty();
        }
        long ticks = Long.parseLong(fields[START_AFTER_NAME]);
        return Optional.of(
                new ProcessStat(file.substring(open + 1, close), Duration.ofMillis(ticks * MILLIS_PER_TICK)));
    }

    /**
     * Whether it is {@code nvidia-cuda-mps-server} or {@code nvidia-cuda-mps-control}, which 15 bytes don't tell apart:
     * they hold memory on behalf of the programs that share the GPU.
     */
    boolean servesMps() {
        return command.startsWith(MPS);
    }
}
