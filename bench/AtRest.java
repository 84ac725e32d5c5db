package bench;

import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/** What the exporter costs at its real pace: polled every 5 s, scraped every 15 s, as it comes out of the box. */
final class AtRest {
    private static final int SCRAPE_SECONDS = 15;

    private AtRest() {}

    static void measure(
            Jdk jdk,
            Map<String, String> environment,
            String node,
            int seconds,
            Consumer<Figure> out,
            String... arguments)
            throws IOException, InterruptedException {
        try (ExporterProcess exporter = ExporterProcess.start(jdk, environment, arguments);
                Client prometheus = new Client(exporter.port(), true)) {
            scrapeFor(prometheus, 2 * SCRAPE_SECONDS, new Samples(), new Samples());
            Samples scrapes = new Samples();
            Samples polls = new Samples();
            double cpu = exporter.cpuSeconds();
            double took = scrapeFor(prometheus, seconds, scrapes, polls);
            out.accept(Figure.of(
                    "CPU in an hour, " + node + " (from " + seconds + " s)",
                    "",
                    "s",
                    (exporter.cpuSeconds() - cpu) / took * 3600));
            out.accept(new Figure(
                    "poll at this pace, " + node + " (median / worst of " + polls.size() + ")",
                    "",
                    "ms",
                    polls.median(),
                    polls.max()));
            out.accept(new Figure(
                    "scrape at this pace, " + node + " (median / worst of " + scrapes.size() + ")",
                    "",
                    "ms",
                    scrapes.median(),
                    scrapes.max()));
        }
    }

    private static double scrapeFor(Client client, int seconds, Samples scrapes, Samples polls)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        for (int i = 0; i < seconds / SCRAPE_SECONDS; i++) {
            Thread.sleep(SCRAPE_SECONDS * 1000);
            scrapes.add(client.scrape() / 1e6);
            polls.add(client.value("gpu_exporter_poll_duration_seconds") * 1000);
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
