package dev.gpuexporter;

import dev.gpuexporter.config.DcgmSwitch.Given;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.config.SettingsLoader.Flag;
import dev.gpuexporter.simulation.GpuModels;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** Which node to look at, and how: the options that every command has. */
final class NodeOptions {
    private static final Logger log = LoggerFactory.getLogger(NodeOptions.class);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration in HOCON; the environment and flags are above it.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--simulate",
            paramLabel = "SCENARIO",
            completionCandidates = Models.class,
            description = "A simulated node instead of this one: h200x8, a mix such as h200x4,t4x2, or the file of a"
                    + " scenario. There are ${COMPLETION-CANDIDATES}.")
    private Optional<String> simulate = Optional.empty();

    /** What may be written after {@code --simulate}, for the help and for shells. */
    static final class Models implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return GpuModels.names().iterator();
        }
    }

    Settings settings(List<Flag> flags) {
        return settings(List.of(), flags);
    }

    /** @param dcgm switches of DCGM's exporter on the command line */
    Settings settings(List<Given> dcgm, List<Flag> flags) {
        SettingsLoader.Loaded loaded = new SettingsLoader().load(config, System.getenv(), dcgm, flags);
        LogConfigurator.setLevel(loaded.settings().logLevel());
        loaded.warnings().forEach(log::warn);
        return loaded.settings();
    }

    Node node(Settings settings) {
        if (simulate.isEmpty()) {
            return Node.real(settings);
        }
        Scenario scenario = new ScenarioFile(GpuModels.names()).read(simulate.get());
        Node node = Node.simulated(scenario, settings);
        log.info("simulated: {}, seed {}; no real GPU is read", scenario.name(), scenario.seed());
        return node;
    }
}
