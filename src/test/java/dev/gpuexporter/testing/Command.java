package dev.gpuexporter.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs to its end in the project's directory. */
public final class Command {
    private static final long LIMIT_SECONDS = 120;

    private Command() {}

    /** What the program said on both its outputs; when it failed, the test fails with that. */
    public static String run(String... command) {
        return fed(new byte[0], command);
    }

    /** {@link #run(String...)} for a program that reads its standard input. */
    public static String fed(byte[] input, String... command) {
        return fed(input, 0, command);
    }

    /** The same for a program that is to end with this code. */
    public static String fed(byte[] input, int exitCode, String... command) {
        Outcome outcome = outcome(input, command);
        if (outcome.exitCode != exitCode) {
            throw new AssertionError(
                    String.join(" ", command) + " ended with " + outcome.exitCode + ":\n" + outcome.output);
        }
        return outcome.output;
    }

    /** {@link #run(String...)} for arguments that were collected. */
    public static String run(List<String> command) {
        return run(command.toArray(String[]::new));
    }

    static boolean succeeds(String... command) {
        return outcome(new byte[0], command).exitCode == 0;
    }

    private static Outcome outcome(byte[] input, String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(Project.directory().toFile())
                    .redirectErrorStream(true)
                    .start();
            process.onExit()
                    .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(late -> process.destroyForcibly());
            try (OutputStream in = process.getOutputStream()) {
                in.write(input);
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private record Outcome(int exitCode, String output) {}
}
