package dev.gpuexporter;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Netty writes a stack trace each second while there is no file descriptor left to accept a connection with; one line
 * says as much. It stops accepting for a second each time, and goes on by itself once others are closed.
 */
final class OutOfFiles extends TurboFilter {
    private static final String NETTY = "io.netty.";
    private static final String EMFILE = "Too many open files";
    private static final long SAY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - SAY_AGAIN_NANOS);

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] arguments, Throwable thrown) {
        boolean isThat = thrown instanceof IOException
                && String.valueOf(thrown.getMessage()).contains(EMFILE)
                && logger.getName().startsWith(NETTY);
        if (!isThat) {
            return FilterReply.NEUTRAL;
        }
        long now = System.nanoTime();
        long before = saidAt.get();
        if (now - before >= SAY_AGAIN_NANOS && saidAt.compareAndSet(before, now)) {
            LoggerFactory.getLogger(OutOfFiles.class)
                    .warn("no file descriptor is left; new connections wait until others are closed");
        }
        return FilterReply.DENY;
    }
}
