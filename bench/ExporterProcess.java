package bench;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An exporter that runs in a process of its own, as it is shipped. */
final class ExporterProcess implements Closeable {
    private static final File LOG = new File("target/bench/exporter.log");
    private static final int PATIENCE_MILLIS = 30_000;
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux

    private final Process process;
    private final int port;
    private final double secondsToFirstScrape;

    private ExporterProcess(Process process, int port, long startNanos) throws IOException, InterruptedException {
        this.process = process;
        this.port = port;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        awaitReadings();
        secondsToFirstScrape = (System.nanoTime() - startNanos) / 1e9;
    }

    /** Starts one and waits until it answers with readings of GPUs. */
    static ExporterProcess start(Jdk jdk, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = jdk.exporter();
        command.addAll(List.of("--listen", "127.0.0.1:" + port));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(LOG));
        builder.environment().putAll(jdk.environment());
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        return new ExporterProcess(builder.start(), port, start);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Asking more often would take from the exporter's start the CPU for its answers. */
    private void awaitReadings() throws IOException, InterruptedException {
        await("\ngpu_up{", 20);
    }

    /** Waits for what comes a while after the readings; rarely asks, so as not to warm up what is to be measured. */
    void awaitPageWith(String text) throws IOException, InterruptedException {
        await(text, 500);
    }

    private void await(String text, int pauseMillis) throws IOException, InterruptedException {
        for (int i = 0; i < PATIENCE_MILLIS / pauseMillis && process.isAlive(); i++) {
            try (Client client = new Client(port, false)) {
                client.scrape();
                if (client.body().contains(text)) {
                    return;
                }
            } catch (IOException e) {
                // not yet
            }
            Thread.sleep(pauseMillis);
        }
        process.destroy();
        throw new IOException("the exporter never said " + text.strip() + "; " + LOG + " says why");
    }

    int port() {
        return port;
    }

    double secondsToFirstScrape() {
        return secondsToFirstScrape;
    }

    /** User and system time of all of its threads. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(proc("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    double residentMib() throws IOException {
        return statusMib("VmRSS");
    }

    /** Of the resident memory what no file stands behind: what the node gets back only when the process ends. */
    double anonymousMib() throws IOException {
        return statusMib("RssAnon");
    }

    private double statusMib(String field) throws IOException {
        for (String line : Files.readAllLines(proc("status"))) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("no " + field);
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
