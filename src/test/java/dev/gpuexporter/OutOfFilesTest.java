package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Log;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class OutOfFilesTest {
    private final OutOfFiles filter = new OutOfFiles();

    private boolean logs(String logger, Throwable thrown) {
        LogRecord message = new LogRecord(Level.WARNING, "failed to accept");
        message.setLoggerName(logger);
        message.setThrown(thrown);
        return filter.isLoggable(message);
    }

    @Test
    void saysOnceWhatNettySaysEachSecond() {
        try (Log log = Log.of(OutOfFiles.class)) {
            for (int second = 0; second < 3; second++) {
                assertThat(logs("io.netty.channel", new IOException("Too many open files")))
                        .isFalse();
            }
            assertThat(log.lines())
                    .containsExactly("WARN no file descriptor is left; new connections wait until others are closed");
        }
    }

    @Test
    void leavesToTheOthersWhatElseIsLogged() {
        assertThat(logs("io.netty.channel", new IOException("Connection reset")))
                .isTrue();
        assertThat(logs("io.netty.channel", null)).isTrue();
        assertThat(logs("io.vertx", new IOException("Too many open files"))).isTrue();
    }
}
