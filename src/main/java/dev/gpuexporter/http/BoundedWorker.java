package dev.gpuexporter.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A thread for what takes long, while there is any of it. Where too much waits already, the answer is BUSY at once. */
final class BoundedWorker implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor thread;

    BoundedWorker(String name, int mostWaiting) {
        thread = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(mostWaiting), task -> {
                    Thread one = new Thread(task, name);
                    one.setDaemon(true);
                    return one;
                });
        thread.allowCoreThreadTimeOut(true);
    }

    CompletableFuture<Verdict> ask(Supplier<Verdict> question) {
        try {
            return CompletableFuture.supplyAsync(question, thread);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.completedFuture(Verdict.BUSY);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
