package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Said;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private final LogLines lines = new LogLines();

    private static LogRecord message(Level level, String what) {
        LogRecord message = new LogRecord(level, what);
        message.setInstant(LocalDateTime.of(2026, 11, 2, 3, 4, 59)
                .atZone(ZoneId.systemDefault())
                .toInstant());
        return message;
    }

    private List<String> written(LogRecord message) {
        return Said.by(() -> {
                    lines.publish(message);
                    return 0;
                })
                .errorLines();
    }

    @Test
    void callsEachLevelAsSlf4jDoesAndPadsIt() {
        assertThat(Stream.of(Level.SEVERE, Level.WARNING, Level.INFO, Level.CONFIG, Level.FINE, Level.FINEST)
                        .flatMap(level -> written(message(level, "{} said")).stream()))
                .containsExactly(
                        "03:04:59 ERROR {} said",
                        "03:04:59 WARN  {} said",
                        "03:04:59 INFO  {} said",
                        "03:04:59 DEBUG {} said",
                        "03:04:59 DEBUG {} said",
                        "03:04:59 TRACE {} said");
    }

    @Test
    void putsInTheParametersOfThoseWhoLogWithoutSlf4j() {
        LogRecord message = message(Level.WARNING, "{0} of {1}");
        message.setParameters(new Object[] {"one", "two"});
        assertThat(written(message)).containsExactly("03:04:59 WARN  one of two");
    }

    @Test
    void writesBelowTheLineWhereAFailureCameFrom() {
        LogRecord message = message(Level.SEVERE, "it fails");
        message.setThrown(new IllegalStateException("outside", new IOException("inside")));
        assertThat(written(message))
                .startsWith("03:04:59 ERROR it fails", "java.lang.IllegalStateException: outside")
                .anyMatch(line -> line.startsWith("\tat " + LogLinesTest.class.getName()))
                .contains("Caused by: java.io.IOException: inside");
    }

    @Test
    void saysWhatItCanWhereAFailureCannotBeDescribed() {
        LogRecord message = message(Level.SEVERE, "it fails");
        message.setThrown(new Exception() {
            @Override
            public String toString() {
                throw new NoClassDefFoundError("gone");
            }
        });
        assertThat(written(message))
                .containsExactly("03:04:59 ERROR it fails (not all of it can be said: java.lang.NoClassDefFoundError)");
    }

    @Test
    void writesEachLineAtOnce() {
        List<String> writes = new CopyOnWriteArrayList<>();
        PrintStream err = System.err;
        System.setErr(new PrintStream(new ByteArrayOutputStream() {
            @Override
            public void flush() {
                writes.add(toString());
                reset();
            }
        }));
        try {
            LogRecord message = message(Level.WARNING, "it fails");
            message.setThrown(new Exception("why"));
            lines.publish(message);
        } finally {
            System.setErr(err);
        }
        assertThat(writes)
                .filteredOn(text -> !text.isEmpty())
                .singleElement()
                .asString()
                .startsWith("03:04:59 WARN  it fails" + System.lineSeparator() + "java.lang.Exception: why")
                .endsWith(System.lineSeparator());
    }

    @Test
    void goesOnWhereStderrTakesNothing() {
        PrintStream err = System.err;
        PrintStream full = new PrintStream(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }
        });
        System.setErr(full);
        try {
            lines.publish(message(Level.WARNING, "lost"));
        } finally {
            System.setErr(err);
        }
        assertThat(full.checkError()).isTrue();
        assertThat(written(message(Level.WARNING, "later"))).containsExactly("03:04:59 WARN  later");
    }
}
