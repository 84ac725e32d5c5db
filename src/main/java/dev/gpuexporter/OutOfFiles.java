package dev.gpuexporter;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/**
 * Netty writes a stack trace each second while there is no file descriptor left to accept a connection with; one line
 * says as much. It stops accepting for a second each time, and goes on by itself once others are closed.
 */
final class OutOfFiles implements Filter {
    private static final String NETTY = "io.netty.";
    private static final String EMFILE = "Too many open files";
    private static final long SAY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - SAY_AGAIN_NANOS);

    @Override
    public boolean isLoggable(LogRecord message) {
        boolean isThat = message.getThrown() instanceof IOException thrown
                && String.valueOf(thrown.getMessage()).contains(EMFILE)
                && String.valueOf(message.getLoggerName()).startsWith(NETTY);
        if (!isThat) {
            return true;
        }
        long now = System.nanoTime();
        long before = saidAt.get();
        if (now - before >= SAY_AGAIN_NANOS && saidAt.compareAndSet(before, now)) {
            LoggerFactory.getLogger(OutOfFiles.class)
                    .warn("no file descriptor is left; new connections wait until others are closed");
        }
        return false;
    }
}
