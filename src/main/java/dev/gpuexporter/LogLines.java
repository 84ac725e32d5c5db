package dev.gpuexporter;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Writes {@code 12:00:01 WARN  what it says} to stderr, and below it where a failure came from. */
final class LogLines extends Handler {
    /** For messages of those who log without SLF4J: it puts their parameters in. */
    private final Formatter messages = new Formatter() {
        @Override
        public String format(LogRecord message) {
            return formatMessage(message);
        }
    };

    @Override
    public void publish(LogRecord message) {
        String text;
        try {
            if (!isLoggable(message)) {
                return;
            }
            text = text(message);
        } catch (RuntimeException | LinkageError e) {
            // A failure that cannot be described, as where a class is missing, is no reason to lose what was said of
            // it.
            text = line(
                    message,
                    message.getMessage() + " (not all of it can be said: "
                            + e.getClass().getName() + ")");
        }
        write(text);
    }

    private String text(LogRecord message) {
        String line = line(message, messages.format(message));
        if (message.getThrown() == null) {
            return line;
        }
        StringWriter trace = new StringWriter().append(line);
        message.getThrown().printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    /** Written by hand: a pattern for times is read by classes that nothing else here needs. */
    private static String line(LogRecord message, String what) {
        LocalTime time = LocalTime.ofInstant(message.getInstant(), ZoneId.systemDefault());
        StringBuilder line = new StringBuilder(what == null ? 32 : what.length() + 32);
        twoDigits(line, time.getHour()).append(':');
        twoDigits(line, time.getMinute()).append(':');
        twoDigits(line, time.getSecond()).append(' ');
        return line.append(level(message.getLevel()))
                .append(' ')
                .append(what)
                .append(System.lineSeparator())
                .toString();
    }

    private static StringBuilder twoDigits(StringBuilder line, int number) {
        return line.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** In SLF4J's words, all as wide as the widest. */
    private static String level(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARN ";
        }
        if (value >= Level.INFO.intValue()) {
            return "INFO ";
        }
        return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    /** All at once, or lines of several threads would mix. A stream that prints lets no failure out. */
    private static void write(String text) {
        byte[] bytes = text.getBytes(Charset.defaultCharset());
        PrintStream stderr = System.err;
        stderr.write(bytes, 0, bytes.length);
        stderr.flush();
    }

    /** Nothing is kept back. */
    @Override
    public void flush() {}

    /**
     * Stays. Nobody but the JDK closes it, as the process ends, and only where we run within another program whose log is
     * not {@link LogToTheEnd}'s, as the demo does within Maven: it would take away what our shutdown hook logs through.
     */
    @Override
    public void close() {
        Logger.getLogger("").addHandler(this);
    }
}
