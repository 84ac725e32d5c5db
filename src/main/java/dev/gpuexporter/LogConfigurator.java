package dev.gpuexporter;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.gpuexporter.collection.Poller;
import dev.gpuexporter.config.Settings.LogLevel;
import org.slf4j.LoggerFactory;

/** Logs a short line to stderr; in code, since an XML file would cost a parser at every start. */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
    private static final String OURS = "dev.gpuexporter";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss} %-5level %msg%n");
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(console);
        root.setLevel(Level.WARN);
        context.getLogger(OURS).setLevel(Level.INFO);
        // Writes a stack trace for every call that fails; which one it was and why, we say ourselves, once.
        context.getLogger("io.fabric8").setLevel(Level.OFF);
        // It warns of each connection that a kubelet says good-bye to.
        context.getLogger("io.vertx.core.http.impl.HttpClientConnection").setLevel(Level.ERROR);
        context.addTurboFilter(new OutOfFiles());
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Sets what is logged of ourselves; libraries are heard from warnings on. */
    static void setLevel(LogLevel level) {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(OURS).setLevel(Level.toLevel(level.name()));
    }

    /** As it is before anybody has said anything else. */
    static void reset() {
        setLevel(LogLevel.INFO);
        collection().setLevel(null);
    }

    private static Logger collection() {
        return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Poller.class.getPackageName());
    }

    /** For findings, which say all that the log would. */
    static void quiet(LogLevel level) {
        if (level == LogLevel.INFO) {
            ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(OURS).setLevel(Level.OFF);
        }
    }

    /** For one reading: the table says how the GPUs are, and nothing is tried again. */
    static void onlyWarningsAboutPods(LogLevel level) {
        if (level == LogLevel.INFO) {
            setLevel(LogLevel.WARN);
            collection().setLevel(Level.OFF);
        }
    }
}
