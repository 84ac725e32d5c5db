package dev.gpuexporter;

import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.doctor.RunningHere;
import dev.gpuexporter.doctor.RunningHere.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Asks the exporter of this machine whether it is alive: in an image without a shell, nothing else could. */
@Command(
        name = "healthy",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        description = "Asks /-/healthy of the exporter that runs here, where its configuration says that it listens.",
        footer = {"", "Exit codes: 0 it is alive, 1 it is not, 2 what was asked for cannot be meant."})
final class HealthyCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "The configuration that the exporter was given.")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--listen", paramLabel = "ADDRESS:PORT", description = "Where it was told to listen.")
    private Optional<String> listen = Optional.empty();

    @Option(
            names = {"--web.config.file", "--web-config-file"},
            paramLabel = "FILE",
            description = "The web configuration file that it was given.")
    private Optional<String> webConfigFile = Optional.empty();

    @Override
    public Integer call() throws IOException {
        Answer answer = RunningHere.forProbes(settings()).ask("/-/healthy");
        if (answer.status() != 200) {
            throw new CannotServeException(
                    answer.url() + ": " + (answer.status() == 0 ? answer.text() : Integer.toString(answer.status())));
        }
        System.out.println(answer.url() + ": alive");
        return 0;
    }

    /** What is odd about the settings the exporter itself has said when it started. */
    private Settings settings() {
        return new SettingsLoader()
                .load(config, System.getenv(), ServeCommand.Options.flags(listen, webConfigFile))
                .settings();
    }
}
