package dev.gpuexporter;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.ListenAddress;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.SettingsLoader.Flag;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls and serves until it is told to stop. */
final class ServeCommand implements Command {
    private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

    /**
     * SIGTERM may be the driver's upgrade asking: an open NVML holds the kernel module. Half of the two seconds that are
     * promised: the JVM waits 0.3 s more for threads in native code, and a busy machine is late.
     */
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(1);

    /** What can be said of serving on the command line. */
    static final class Options {
        private static final Option LISTEN =
                Command.option("listen", "ADDRESS:PORT", "Where to serve HTTP; 0.0.0.0:9400 unless configured.");
        private static final Option WEB_CONFIG_FILE = Command.option(
                "web.config.file",
                "FILE",
                "TLS and users, in the web configuration file of Prometheus and its exporters.");

        static final List<Option> ALL = List.of(NodeOptions.CONFIG, NodeOptions.SIMULATE, LISTEN, WEB_CONFIG_FILE);

        private final Arguments given;
        private final NodeOptions node;

        Options(Arguments given) {
            this.given = given;
            this.node = new NodeOptions(given);
        }

        Settings settings() {
            return node.settings(DcgmFlags.in(given), flags(given.value(LISTEN), given.value(WEB_CONFIG_FILE)));
        }

        static List<Flag> flags(Optional<String> listen, Optional<String> webConfigFile) {
            return Stream.of(
                            listen.map(address -> new Flag("--listen", "listen", address)),
                            webConfigFile.map(file -> new Flag("--web.config.file", "web.config-file", file)))
                    .flatMap(Optional::stream)
                    .toList();
        }

        Node node(Settings settings) {
            return node.node(settings);
        }
    }

    @Override
    public String name() {
        return "serve";
    }

    @Override
    public String description() {
        return "Serves the metrics until it is told to stop; what happens without a command.";
    }

    @Override
    public List<Option> options() {
        return Options.ALL;
    }

    @Override
    public List<Option> hiddenOptions() {
        return DcgmFlags.options();
    }

    @Override
    public List<String> footer() {
        return List.of(NodeOptions.models());
    }

    @Override
    public int run(Arguments given) {
        Options options = new Options(given);
        Settings settings = options.settings();
        Exporter exporter =
                new Exporter(settings, options.node(settings), InstantSource.system(), ServeCommand::restart);
        ListenAddress address = listen(exporter, settings.listen());
        Thread stopping = new Thread(() -> stop(exporter), "stop");
        Runtime.getRuntime().addShutdownHook(stopping);
        try {
            exporter.startCollecting();
        } catch (RuntimeException | LinkageError e) {
            if (isWithdrawn(stopping)) {
                throw e;
            }
            return 0; // it was stopped as it started
        }
        log.info("{} · /metrics · ctrl-c to stop", url(exporter.isEncrypted() ? "https" : "http", address));
        return 0;
    }

    private static ListenAddress listen(Exporter exporter, ListenAddress address) {
        try {
            return new ListenAddress(address.host(), exporter.listen());
        } catch (ExecutionException e) {
            exporter.stop(TIME_TO_STOP);
            throw new CannotServeException(
                    e.getCause() instanceof BadInputException
                            ? e.getCause().getMessage()
                            : "listen: " + address + ": " + reason(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotServeException("interrupted");
        }
    }

    private static String reason(Throwable cause) {
        return cause instanceof UnknownHostException
                ? "no such address; write one of this node's, or 0.0.0.0 for all"
                : cause.getMessage();
    }

    private static String url(String scheme, ListenAddress address) {
        boolean everywhere = address.host().equals("0.0.0.0") || address.host().equals("::");
        return scheme + "://" + (everywhere ? new ListenAddress("localhost", address.port()) : address) + "/";
    }

    /** Halts, since a thread inside the driver would keep the process; with 0, since stopping was asked for. */
    private static void stop(Exporter exporter) {
        if (exporter.stop(TIME_TO_STOP)) {
            log.info("stopped; NVML is let go of");
        } else {
            log.warn("stopped; a call hangs inside NVML, which is left as it is");
        }
        Runtime.getRuntime().halt(0);
    }

    /** False where it runs already: the process is ending. */
    private static boolean isWithdrawn(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return false;
        }
    }

    private static void restart(String why) {
        log.error("{}; ending, so that a restart maps the driver's new library", why);
        Runtime.getRuntime().halt(Main.FAILED);
    }
}
