package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.core.spi.FilterReply;
import dev.gpuexporter.testing.Log;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutOfFilesTest {
    private final OutOfFiles filter = new OutOfFiles();

    private FilterReply reply(String logger, Throwable thrown) {
        return filter.decide(
                null, (Logger) LoggerFactory.getLogger(logger), Level.WARN, "failed to accept", null, thrown);
    }

    @Test
    void saysOnceWhatNettySaysEachSecond() {
        try (Log log = Log.of(OutOfFiles.class)) {
            for (int second = 0; second < 3; second++) {
                assertThat(reply("io.netty.channel", new IOException("Too many open files")))
                        .isEqualTo(FilterReply.DENY);
            }
            assertThat(log.lines())
                    .containsExactly("WARN no file descriptor is left; new connections wait until others are closed");
        }
    }

    @Test
    void leavesToTheOthersWhatElseIsLogged() {
        assertThat(reply("io.netty.channel", new IOException("Connection reset")))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(reply("io.netty.channel", null)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(reply("io.vertx", new IOException("Too many open files"))).isEqualTo(FilterReply.NEUTRAL);
    }
}
