package bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several scrapers, each on a thread and a connection of its own. */
final class Clients implements Closeable {
    private final List<Client> clients = new ArrayList<>();
    private final ExecutorService threads;

    Clients(int port, int count, boolean gzip) {
        threads = Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, "client");
            thread.setDaemon(true);
            return thread;
        });
        for (int i = 0; i < count; i++) {
            clients.add(new Client(port, gzip));
        }
    }

    int count() {
        return clients.size();
    }

    Client any() {
        return clients.get(0);
    }

    /** All at once, each {@code times} times, with a pause after each scrape; latencies in milliseconds. */
    Samples scrape(int times, long pauseMillis) throws IOException, InterruptedException {
        List<Callable<Samples>> tasks = new ArrayList<>();
        for (Client client : clients) {
            tasks.add(() -> {
                Samples latencies = new Samples();
                for (int i = 0; i < times; i++) {
                    latencies.add(client.scrape() / 1e6);
                    if (pauseMillis > 0) {
                        Thread.sleep(pauseMillis);
                    }
                }
                return latencies;
            });
        }
        Samples all = new Samples();
        for (Future<Samples> one : threads.invokeAll(tasks)) {
            try {
                all.addAll(one.get());
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (Client client : clients) {
            client.close();
        }
    }
}
