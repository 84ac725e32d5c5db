package dev.gpuexporter;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.simulation.GpuModels;
import dev.gpuexporter.simulation.SimulatedNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The exporter in a process of its own that is polled faster than anybody may configure, over a node whose time flies.
 * Says its port; for each line on stdin it says how much heap is in use after a collection.
 */
final class SoakedExporter {
    private SoakedExporter() {}

    /** The scenario's file, the poll interval in milliseconds, and how often faster than ours the node's time goes. */
    public static void main(String[] args) throws Exception {
        Scenario scenario = new ScenarioFile(GpuModels.names()).read(args[0]);
        Settings settings = new SettingsLoader()
                .load(
                        Optional.empty(),
                        Map.of(
                                "GPU_EXPORTER_LISTEN", "127.0.0.1:0",
                                "GPU_EXPORTER_KUBERNETES_REFRESH_INTERVAL", "1s"),
                        List.of())
                .settings()
                .polledEvery(Duration.ofMillis(Long.parseLong(args[1])));
        long faster = Long.parseLong(args[2]);
        SimulatedNode node = new SimulatedNode(scenario, () -> faster * System.nanoTime(), Instant.now());
        Exporter exporter =
                new Exporter(settings, Node.simulated(node, settings), InstantSource.system(), why -> System.exit(1));
        System.out.println(exporter.listen());
        exporter.startCollecting();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            System.gc();
            System.out.println(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        exporter.stop(Duration.ofSeconds(1));
        System.exit(0);
    }
}
