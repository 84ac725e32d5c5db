package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.collection.Poller;
import dev.gpuexporter.config.Settings.LogLevel;
import dev.gpuexporter.testing.MainProcess;
import dev.gpuexporter.testing.MainProcess.Ended;
import dev.gpuexporter.testing.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogConfiguratorTest {
    private final Logger ours = LoggerFactory.getLogger("dev.gpuexporter.Any");
    private final Logger polling = LoggerFactory.getLogger(Poller.class);

    @BeforeEach
    @AfterEach
    void asAtTheStart() {
        LogConfigurator.install();
    }

    /** Without the time before it. */
    private static List<String> written(Runnable logging) {
        return Said.by(() -> {
                    logging.run();
                    return 0;
                })
                .errors()
                .lines()
                .map(line -> line.replaceFirst("^\\d\\d:\\d\\d:\\d\\d ", ""))
                .toList();
    }

    private static void all(Logger logger) {
        logger.error("error of {}", "it");
        logger.warn("warn");
        logger.info("info");
        logger.debug("debug");
        logger.trace("trace");
    }

    /** The JDK's own keeper of loggers would open this file, and at the end forget what the log was told. */
    @Test
    void isSetUpBeforeAnybodyLogs(@TempDir Path directory) throws Exception {
        Path written = directory.resolve("jdk.log");
        Path configuration = Files.writeString(
                directory.resolve("logging.properties"),
                "handlers=java.util.logging.FileHandler\njava.util.logging.FileHandler.pattern=" + written + "\n");
        Ended ended = MainProcess.run(
                Map.of("JAVA_TOOL_OPTIONS", "-Djava.util.logging.config.file=" + configuration),
                "print",
                "--simulate",
                "t4");
        assertThat(ended.output()).contains("Tesla T4");
        assertThat(written).doesNotExist();
    }

    @Test
    void writesEachLineOnceFromInformationOn() {
        assertThat(written(() -> all(ours))).containsExactly("ERROR error of it", "WARN  warn", "INFO  info");
    }

    @Test
    void writesWhatTheLevelAsksFor() {
        LogConfigurator.setLevel(LogLevel.ERROR);
        assertThat(written(() -> all(ours))).containsExactly("ERROR error of it");
        LogConfigurator.setLevel(LogLevel.WARN);
        assertThat(written(() -> all(ours))).containsExactly("ERROR error of it", "WARN  warn");
        LogConfigurator.setLevel(LogLevel.DEBUG);
        assertThat(written(() -> all(ours))).hasSize(4).endsWith("DEBUG debug");
        LogConfigurator.setLevel(LogLevel.TRACE);
        assertThat(written(() -> all(ours))).hasSize(5).endsWith("TRACE trace");
    }

    @Test
    void remembersTheLevelWhateverIsCollected() {
        LogConfigurator.setLevel(LogLevel.ERROR);
        System.gc();
        assertThat(written(() -> LoggerFactory.getLogger("dev.gpuexporter.Late").warn("warn")))
                .isEmpty();
    }

    @Test
    void hearsLibrariesFromWarningsOnWhicheverWayTheyLog() {
        assertThat(written(() -> all(LoggerFactory.getLogger("io.vertx.Any"))))
                .containsExactly("ERROR error of it", "WARN  warn");
        java.util.logging.Logger guava = java.util.logging.Logger.getLogger("com.google.common.Any");
        assertThat(written(() -> {
                    guava.info("info");
                    guava.log(java.util.logging.Level.WARNING, "{0} is gone", "it");
                }))
                .containsExactly("WARN  it is gone");
        assertThat(written(() -> all(LoggerFactory.getLogger("io.fabric8.kubernetes.Any"))))
                .isEmpty();
    }

    @Test
    void saysInALineThatNoFileIsLeft() {
        Logger netty = LoggerFactory.getLogger("io.netty.channel.Any");
        assertThat(written(() -> {
                    netty.warn("failed to accept", new IOException("Too many open files"));
                    netty.warn("failed to accept", new IOException("Too many open files"));
                }))
                .containsExactly("WARN  no file descriptor is left; new connections wait until others are closed");
    }

    @Test
    void isQuietForFindingsUnlessALevelIsAskedFor() {
        LogConfigurator.quiet(LogLevel.INFO);
        assertThat(written(() -> all(ours))).isEmpty();
        LogConfigurator.reset();
        LogConfigurator.quiet(LogLevel.WARN);
        assertThat(written(() -> all(ours))).hasSize(3);
    }

    @Test
    void warnsOfPodsAloneForOneReading() {
        LogConfigurator.onlyWarningsAboutPods(LogLevel.INFO);
        assertThat(written(() -> all(ours))).containsExactly("ERROR error of it", "WARN  warn");
        assertThat(written(() -> all(polling))).isEmpty();
        LogConfigurator.reset();
        assertThat(written(() -> all(polling))).hasSize(3);
    }
}
