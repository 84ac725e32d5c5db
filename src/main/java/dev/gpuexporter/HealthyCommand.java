package dev.gpuexporter;

import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.doctor.RunningHere;
import dev.gpuexporter.doctor.RunningHere.Answer;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Option;

/** Asks the exporter of this machine whether it is alive: in an image without a shell, nothing else could. */
final class HealthyCommand implements Command {
    private static final Option CONFIG =
            Command.option("config", "FILE", "The configuration that the exporter was given.");
    private static final Option LISTEN = Command.option("listen", "ADDRESS:PORT", "Where it was told to listen.");
    private static final Option WEB_CONFIG_FILE =
            Command.option("web.config.file", "FILE", "The web configuration file that it was given.");
    private static final Option DCGM_WEB_CONFIG_FILE = Command.option("web-config-file", "FILE", "");

    @Override
    public String name() {
        return "healthy";
    }

    @Override
    public String description() {
        return "Asks /-/healthy of the exporter that runs here, where its configuration says that it listens.";
    }

    @Override
    public List<Option> options() {
        return List.of(CONFIG, LISTEN, WEB_CONFIG_FILE);
    }

    @Override
    public List<String> footer() {
        return List.of("Exit codes: 0 it is alive, 1 it is not, 2 what was asked for cannot be meant.");
    }

    @Override
    public List<Option> hiddenOptions() {
        return List.of(DCGM_WEB_CONFIG_FILE);
    }

    @Override
    public int run(Arguments given) throws IOException {
        Answer answer = RunningHere.forProbes(settings(given)).ask("/-/healthy");
        if (answer.status() != 200) {
            throw new CannotServeException(
                    answer.url() + ": " + (answer.status() == 0 ? answer.text() : Integer.toString(answer.status())));
        }
        System.out.println(answer.url() + ": alive");
        return 0;
    }

    /** What is odd about the settings the exporter itself has said when it started. */
    private static Settings settings(Arguments given) {
        return new SettingsLoader()
                .load(
                        given.path(CONFIG),
                        System.getenv(),
                        ServeCommand.Options.flags(
                                given.value(LISTEN),
                                given.value(WEB_CONFIG_FILE).or(() -> given.value(DCGM_WEB_CONFIG_FILE))))
                .settings();
    }
}
