package dev.gpuexporter;

import dev.gpuexporter.config.DcgmSwitch.Given;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.config.SettingsLoader.Flag;
import dev.gpuexporter.simulation.GpuModels;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which node to look at, and how: the options of every command that reads one. */
final class NodeOptions {
    static final Option CONFIG =
            Command.option("config", "FILE", "Configuration in HOCON; the environment and flags are above it.");
    static final Option SIMULATE = Command.option(
            "simulate",
            "SCENARIO",
            "A simulated node instead of this one: h200x8, a mix such as h200x4,t4x2, or the file of a scenario.");

    private static final Logger log = LoggerFactory.getLogger(NodeOptions.class);

    private final Arguments given;

    NodeOptions(Arguments given) {
        this.given = given;
    }

    /** For the end of a help: nothing of the simulation is there until somebody asks. */
    static String models() {
        return "Models to simulate: " + String.join(", ", GpuModels.names()) + ".";
    }

    Settings settings(List<Flag> flags) {
        return settings(List.of(), flags);
    }

    /** @param dcgm switches of DCGM's exporter on the command line */
    Settings settings(List<Given> dcgm, List<Flag> flags) {
        SettingsLoader.Loaded loaded = new SettingsLoader().load(given.path(CONFIG), System.getenv(), dcgm, flags);
        LogConfigurator.setLevel(loaded.settings().logLevel());
        loaded.warnings().forEach(log::warn);
        return loaded.settings();
    }

    Node node(Settings settings) {
        Optional<String> simulated = given.value(SIMULATE);
        if (simulated.isEmpty()) {
            return Node.real(settings);
        }
        Scenario scenario = new ScenarioFile(GpuModels.names()).read(simulated.get());
        Node node = Node.simulated(scenario, settings);
        log.info("simulated: {}, seed {}; no real GPU is read", scenario.name(), scenario.seed());
        return node;
    }
}
