package bench;

import java.io.IOException;
import java.util.List;

/**
 * What the exporter costs at its real pace: polled every 5 s, scraped every 15 s, as it comes out of the box. It has
 * run for some minutes by then: what a start costs is another figure, and an hour has few of them.
 */
final class AtRest {
    private static final int SCRAPE_SECONDS = 15;
    private static final int WARM_UP_SECONDS = 600;

    private AtRest() {}

    static List<Figure> measure(Jdk jdk, Node node, int seconds) throws IOException, InterruptedException {
        try (ExporterProcess exporter = node.start(jdk);
                Client prometheus = new Client(exporter.port(), true)) {
            scrapeFor(prometheus, WARM_UP_SECONDS, new Samples(), new Samples());
            Samples scrapes = new Samples();
            Samples polls = new Samples();
            double cpu = exporter.cpuSeconds();
            double took = scrapeFor(prometheus, seconds, scrapes, polls);
            double cpuInAnHour = (exporter.cpuSeconds() - cpu) / took * 3600;
            return List.of(
                    Figure.of(
                            "CPU in an hour, " + node.name() + " (reckoned from " + seconds + " s)",
                            "< 11 s",
                            "s",
                            cpuInAnHour),
                    Figure.of("the same as a share of one core, " + node.name(), "< 0.3 %", "%", cpuInAnHour / 36),
                    worst("poll at this pace, " + node.name(), polls),
                    worst("scrape at this pace, " + node.name(), scrapes));
        }
    }

    /** There are too few for a percentile. */
    private static Figure worst(String what, Samples samples) {
        String named = what + " (median / worst of " + samples.size() + ")";
        return new Figure(named, "", "ms", samples.median(), samples.max());
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
