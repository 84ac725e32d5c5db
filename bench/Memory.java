package bench;

import java.io.IOException;
import java.util.Locale;
import java.util.function.Consumer;

/** Resident memory: at rest, and while a great many scrapes go by. */
final class Memory {
    private static final int STEPS = 20;

    private Memory() {}

    /** @param target what it should stay below after the scrapes, in words; empty where nothing was promised */
    static void measure(Jdk jdk, Node node, String target, int idleSeconds, int scrapes, Consumer<Figure> out)
            throws IOException, InterruptedException {
        String who = "8 GPUs, 64 pods, " + node.name() + ": ";
        try (ExporterProcess exporter = node.start(jdk)) {
            Thread.sleep(idleSeconds * 1000L);
            out.accept(Figure.of(
                    who + "resident memory, idle for " + idleSeconds + " s", "", "MiB", exporter.residentMib()));
            out.accept(Figure.of(who + "of it backed by no file (RssAnon)", "", "MiB", exporter.anonymousMib()));
            out.accept(Figure.of(who + "series of a scrape", "", "", seriesOf(exporter)));
            scrape(exporter, who, target, scrapes, out);
        }
    }

    private static long seriesOf(ExporterProcess exporter) throws IOException {
        try (Client client = new Client(exporter.port(), false)) {
            client.scrape();
            return client.body().lines().filter(line -> !line.startsWith("#")).count();
        }
    }

    private static void scrape(ExporterProcess exporter, String who, String target, int scrapes, Consumer<Figure> out)
            throws IOException, InterruptedException {
        try (Clients plain = new Clients(exporter.port(), 4, false);
                Clients gzip = new Clients(exporter.port(), 4, true)) {
            double[] resident = new double[STEPS];
            int perClient = Math.max(1, scrapes / STEPS / 8);
            for (int step = 0; step < STEPS; step++) {
                plain.scrape(perClient, 0);
                gzip.scrape(perClient, 0);
                resident[step] = exporter.residentMib();
            }
            String after = String.format(Locale.ROOT, "resident memory after %,d scrapes", perClient * 8 * STEPS);
            out.accept(Figure.of(who + after, target, "MiB", resident[STEPS - 1]));
            out.accept(Figure.of(
                    who + "its slope in the second half, for 100,000 scrapes",
                    "",
                    "MiB",
                    slope(resident, STEPS / 2) / (perClient * 8) * 100_000));
        }
    }

    /** Least squares over the values from {@code from} on; for one step. */
    private static double slope(double[] values, int from) {
        int n = values.length - from;
        double meanX = (n - 1) / 2.0;
        double meanY = 0;
        for (int i = 0; i < n; i++) {
            meanY += values[from + i] / n;
        }
        double products = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            products += (i - meanX) * (values[from + i] - meanY);
            squares += (i - meanX) * (i - meanX);
        }
        return products / squares;
    }
}
