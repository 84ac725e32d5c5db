package bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How long scrapes take, in rounds of one poll: the first of a new snapshot, then the next ones of the same; each kind
 * of client has its turn, so that a noisy neighbour hits all alike.
 */
final class ScrapeTimes {
    private static final int POLL_MILLIS = 250;
    private static final int WARM_UP_ROUNDS = 120;
    private static final int NEXT_PER_CLIENT = 6;
    private static final int PAUSE_MILLIS = 20;
    private static final String LAST_POLL = "gpu_exporter_last_poll_timestamp_seconds";

    private final List<Kind> kinds = new ArrayList<>();
    private final Kind floor;
    private int missed;

    private ScrapeTimes(int port, int floorPort) {
        floor = new Kind(new Clients(floorPort, 8, false), "identity");
        for (boolean gzip : new boolean[] {false, true}) {
            for (int clients : new int[] {1, 8}) {
                kinds.add(new Kind(new Clients(port, clients, gzip), gzip ? "gzip" : "identity"));
            }
        }
    }

    /** Those who scrape alike, and how long it took them, ms. */
    private record Kind(Clients clients, String encoding, Samples first, Samples next) implements Closeable {
        Kind(Clients clients, String encoding) {
            this(clients, encoding, new Samples(), new Samples());
        }

        String name() {
            return encoding + ", " + clients.count() + (clients.count() == 1 ? " client" : " clients");
        }

        @Override
        public void close() throws IOException {
            clients.close();
        }
    }

    static void measure(Jdk jdk, String scenario, int rounds, Consumer<Figure> out)
            throws IOException, InterruptedException {
        Map<String, String> environment = Map.of("GPU_EXPORTER_POLL_INTERVAL", POLL_MILLIS + "ms");
        try (ExporterProcess exporter = ExporterProcess.start(jdk, environment, "--simulate", scenario)) {
            try (Floor floor = new Floor(page(exporter))) {
                new ScrapeTimes(exporter.port(), floor.port()).rounds(WARM_UP_ROUNDS);
                ScrapeTimes times = new ScrapeTimes(exporter.port(), floor.port());
                times.rounds(4 * rounds);
                times.print(out);
            }
            saturate(exporter, out);
        }
    }

    private static String page(ExporterProcess exporter) throws IOException {
        try (Client client = new Client(exporter.port(), false)) {
            client.scrape();
            return client.body();
        }
    }

    private void rounds(int count) throws IOException, InterruptedException {
        connect();
        double known = 0;
        for (int i = 0; i < count; i++) {
            known = round(kinds.get(i % kinds.size()), known);
            if (i % kinds.size() == 0) {
                floor.next().addAll(floor.clients().scrape(NEXT_PER_CLIENT, PAUSE_MILLIS));
            }
        }
        floor.close();
        for (Kind kind : kinds) {
            kind.close();
        }
    }

    /** The first scrape waits until its connection is accepted, and counts for nothing. */
    private void connect() throws IOException, InterruptedException {
        floor.clients().scrape(1, 0);
        for (Kind kind : kinds) {
            kind.clients().scrape(1, 0);
        }
    }

    /** Waits for the poll after the known one, whose time is returned. */
    private double round(Kind kind, double known) throws IOException, InterruptedException {
        long due = (long) (known * 1000) + POLL_MILLIS + POLL_MILLIS / 10;
        Thread.sleep(Math.max(0, due - System.currentTimeMillis()));
        Samples first = kind.clients().scrape(1, 0);
        double polled = kind.clients().any().value(LAST_POLL);
        if (polled == known || known == 0) {
            missed++; // it came too early, and was no first scrape
        } else {
            kind.first().addAll(first);
            kind.next().addAll(kind.clients().scrape(NEXT_PER_CLIENT, PAUSE_MILLIS));
        }
        return polled;
    }

    private void print(Consumer<Figure> out) {
        for (Kind kind : kinds) {
            out.accept(Figure.of("first scrape of a snapshot, " + kind.name(), "p99 < 15 ms", "ms", kind.first()));
        }
        for (Kind kind : kinds) {
            out.accept(Figure.of("next scrapes, " + kind.name(), "p99 < 2 ms", "ms", kind.next()));
        }
        out.accept(Figure.of("the same from a server with nothing to do, " + floor.name(), "", "ms", floor.next()));
        if (missed > kinds.size()) {
            System.out.println("  " + missed + " rounds left out: the poll came late");
        }
    }

    /** No pauses: how much it can answer, when the clients take their share of the same machine. */
    private static void saturate(ExporterProcess exporter, Consumer<Figure> out)
            throws IOException, InterruptedException {
        for (boolean gzip : new boolean[] {false, true}) {
            try (Clients clients = new Clients(exporter.port(), 8, gzip)) {
                clients.scrape(1000, 0);
                double cpu = exporter.cpuSeconds();
                long start = System.nanoTime();
                int scrapes = clients.scrape(2500, 0).size();
                double seconds = (System.nanoTime() - start) / 1e9;
                String who = gzip ? "gzip, 8 clients" : "identity, 8 clients";
                out.accept(Figure.of("scrapes without pauses, " + who, "", "/s", scrapes / seconds));
                double cpuMillis = 1e3 * (exporter.cpuSeconds() - cpu) / scrapes;
                out.accept(Figure.of("CPU of the exporter for one of them, " + who, "", "ms", cpuMillis));
            }
        }
    }
}
