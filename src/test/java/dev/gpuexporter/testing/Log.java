package dev.gpuexporter.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs from now on, instead of its being printed; on whatever thread. */
public final class Log implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord message) {
            lines.add(level(message.getLevel()) + " " + message.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Log(Logger logger) {
        this.logger = logger;
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.INFO);
    }

    public static Log of(Class<?> logging) {
        return new Log(Logger.getLogger(logging.getName()));
    }

    /** Each line, its level before it: {@code WARN what it says}. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** As SLF4J calls it, which is what logs. */
    private static String level(Level level) {
        if (level == Level.SEVERE) {
            return "ERROR";
        }
        return level == Level.WARNING ? "WARN" : level.getName();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
        logger.setLevel(null);
    }
}
