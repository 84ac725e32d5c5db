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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Polls and serves until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        description = "Serves the metrics until it is told to stop; what happens without a command.")
final class ServeCommand implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

    /** SIGTERM may be the driver's upgrade asking: an open NVML holds the kernel module. */
    private static final Duration TIME_TO_STOP = Duration.ofMillis(1500);

    @Mixin
    private Options options;

    ServeCommand() {}

    ServeCommand(Options options) {
        this.options = options;
    }

    /** What can be said of serving on the command line. */
    static final class Options {
        @Spec(Spec.Target.MIXEE)
        private CommandSpec command;

        @Mixin
        private NodeOptions node;

        @Option(
                names = "--listen",
                paramLabel = "ADDRESS:PORT",
                description = "Where to serve HTTP; 0.0.0.0:9400 unless configured.")
        private Optional<String> listen = Optional.empty();

        @Option(
                names = "--web.config.file",
                paramLabel = "FILE",
                description = "TLS and users, in the web configuration file of Prometheus and its exporters.")
        private Optional<String> webConfigFile = Optional.empty();

        Settings settings() {
            return node.settings(DcgmFlags.in(command.commandLine().getParseResult()), flags(listen, webConfigFile));
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
    public void run() {
        Settings settings = options.settings();
        Exporter exporter =
                new Exporter(settings, options.node(settings), InstantSource.system(), ServeCommand::restart);
        ListenAddress address = listen(exporter, settings.listen());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(exporter), "stop"));
        exporter.startCollecting();
        log.info("{} · /metrics · ctrl-c to stop", url(exporter.isEncrypted() ? "https" : "http", address));
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

    private static void restart(String why) {
        log.error("{}; ending, so that a restart maps the driver's new library", why);
        Runtime.getRuntime().halt(Main.FAILED);
    }
}
