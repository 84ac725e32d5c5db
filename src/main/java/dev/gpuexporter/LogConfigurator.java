package dev.gpuexporter;

import dev.gpuexporter.collection.Poller;
import dev.gpuexporter.config.Settings.LogLevel;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Logs a short line to stderr, through the JDK's own log, which is there anyway. In code, since a file would cost a parser
 * at every start.
 */
public final class LogConfigurator {
    static {
        // Read once, when the first logger is made: before the fields below.
        System.setProperty("java.util.logging.manager", LogToTheEnd.class.getName());
    }

    // Held, or their levels are forgotten.
    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger OURS = Logger.getLogger("dev.gpuexporter");
    private static final Logger COLLECTION = Logger.getLogger(Poller.class.getPackageName());
    /** Writes a stack trace for every call that fails; which one it was and why, we say ourselves, once. */
    private static final Logger FABRIC8 = Logger.getLogger("io.fabric8");

    private LogConfigurator() {}

    /** To be called before anything is logged; instead of what the JDK, or whoever runs us within, has set up. */
    public static void install() {
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        Handler lines = new LogLines();
        lines.setFilter(new OutOfFiles());
        ROOT.addHandler(lines);
        ROOT.setLevel(Level.WARNING);
        FABRIC8.setLevel(Level.OFF);
        reset();
    }

    /** Sets what is logged of ourselves; libraries are heard from warnings on. */
    static void setLevel(LogLevel level) {
        OURS.setLevel(
                switch (level) {
                    case ERROR -> Level.SEVERE;
                    case WARN -> Level.WARNING;
                    case INFO -> Level.INFO;
                    case DEBUG -> Level.FINE;
                    case TRACE -> Level.FINEST;
                });
    }

    /** As it is before anybody has said anything else. */
    static void reset() {
        setLevel(LogLevel.INFO);
        COLLECTION.setLevel(null);
    }

    /** For findings, which say all that the log would. */
    static void quiet(LogLevel level) {
        if (level == LogLevel.INFO) {
            OURS.setLevel(Level.OFF);
        }
    }

    /** For one reading: the table says how the GPUs are, and nothing is tried again. */
    static void onlyWarningsAboutPods(LogLevel level) {
        if (level == LogLevel.INFO) {
            setLevel(LogLevel.WARN);
            COLLECTION.setLevel(Level.OFF);
        }
    }
}
