package dev.gpuexporter;

import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Project;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What each scenario looks like to whoever scrapes it at a telling moment; each is run once for all tests of a build. */
final class SimulatedScenarios {
    static final List<String> MODELS = List.of("t4", "a100", "l40s", "h100", "h200", "b200");

    private static final String DCGM = "dcgm-";

    private static final Map<String, String> EXPOSITIONS = new ConcurrentHashMap<>();

    private SimulatedScenarios() {}

    static Stream<String> all() {
        return Stream.concat(
                MODELS.stream(),
                Stream.of(
                        "a10",
                        "a100-80",
                        "l4",
                        "gb200",
                        "rtx4090",
                        "mixed-node",
                        "lost-gpu",
                        "hung-gpu",
                        "no-permission",
                        "xid",
                        "no-events",
                        "driver-gone",
                        "worn-memory",
                        "vgpu-host",
                        "spikes",
                        "link-trouble",
                        "mig-a100",
                        "mig-h100",
                        "mig-h200",
                        "mig-split",
                        "mig-reconfigured"));
    }

    /** Nodes of 110 pods, one for each way to hand GPUs out. */
    static Stream<String> full() {
        return Stream.of(
                "pods-whole",
                "pods-mig-mixed",
                "pods-mig-single",
                "pods-time-sliced",
                "pods-mps",
                "pods-gke",
                "pods-dra");
    }

    /** Some of them under DCGM's names; those who share a GPU have series of their own. */
    static Stream<String> dcgm() {
        return Stream.of(
                "dcgm-h200",
                "dcgm-pods-whole",
                "dcgm-mig-h100",
                "dcgm-mig-split",
                "dcgm-pods-time-sliced",
                "dcgm-slurm");
    }

    static Stream<String> models() {
        return MODELS.stream();
    }

    /** In Prometheus' text format, over HTTP. */
    static String exposition(String scenario) {
        return EXPOSITIONS.computeIfAbsent(scenario, SimulatedScenarios::run);
    }

    static Scrape scrape(String scenario) {
        return Scrape.of(exposition(scenario));
    }

    private static String run(String scenario) {
        if (scenario.equals("dcgm-slurm")) {
            return ofABatchSystem();
        }
        if (scenario.startsWith(DCGM)) {
            return underDcgmsNames(scenario.substring(DCGM.length()));
        }
        return switch (scenario) {
            // One call on GPU 1 fails from the first minute to the second.
            case "mixed-node" -> atRest(scenario, Duration.ofSeconds(90));
            // Both begin after half a minute.
            case "lost-gpu" ->
                inTrouble(scenario, Duration.ofSeconds(20), 2, node -> {
                    node.passUntilUp(Duration.ofSeconds(11), 1);
                    untilXid(node, 1, 79);
                });
            // Between the fortieth second and the fifty-fifth.
            case "xid" ->
                inTrouble(scenario, Duration.ofSeconds(20), 4, node -> {
                    node.passUntilUp(Duration.ofSeconds(36), 2);
                    untilXid(node, 0, 888);
                    untilXid(node, 1, 119);
                    untilXid(node, 2, 79);
                });
            case "hung-gpu" ->
                inTrouble(scenario, Duration.ofSeconds(20), 4, node -> node.passUntilUp(Duration.ofSeconds(11), 3));
            // From the second minute to the third.
            case "driver-gone" ->
                inTrouble(
                        scenario,
                        Duration.ofSeconds(110),
                        2,
                        node -> node.passUntilNvml(Duration.ofSeconds(20), false));
            // A minute after the start it is cut up anew, and ten seconds later somebody holds the new part.
            case "mig-reconfigured" -> atRest(scenario, Duration.ofSeconds(80));
            // Old enough for counters to have risen.
            default -> atRest(scenario, Duration.ofMinutes(1));
        };
    }

    private static String underDcgmsNames(String scenario) {
        Map<String, String> keys =
                Map.of("metrics.naming", "dcgm", "dcgm.virtual-gpus", "on", "kubernetes.node-name", "gpu-node-7");
        try (RunningExporter exporter = RunningExporter.set(RunningExporter.scenario(scenario), keys)) {
            return exporter.text("/metrics");
        }
    }

    /** A node without a kubelet: two jobs share GPU 0, one has the second GPU instance of GPU 1, nobody has the others. */
    private static String ofABatchSystem() {
        Map<String, String> keys = Map.of(
                "metrics.naming", "dcgm",
                "dcgm.hpc-job-mapping-dir",
                        Project.directory()
                                .resolve("src/test/resources/hpc-jobs")
                                .toString(),
                "kubernetes.attribution", "off",
                "kubernetes.node-name", "gpu-node-7");
        try (RunningExporter exporter = RunningExporter.withoutPods(RunningExporter.scenario("slurm"), keys)) {
            return exporter.text("/metrics");
        }
    }

    private static String atRest(String scenario, Duration age) {
        try (RunningExporter exporter = RunningExporter.afterOnePoll(RunningExporter.scenario(scenario), age)) {
            return exporter.text("/metrics");
        }
    }

    /** Events are told on a thread of their own, which a poll does not wait for. */
    private static void untilXid(RunningExporter node, int gpu, int xid) {
        Eventually.holds("Xid " + xid + " is counted", () -> node.scrape()
                .value("gpu_xid_errors_total", "gpu", Integer.toString(gpu), "xid", Integer.toString(xid))
                .equals(OptionalDouble.of(1)));
    }

    private static String inTrouble(String scenario, Duration before, int gpus, Consumer<RunningExporter> trouble) {
        try (RunningExporter exporter = RunningExporter.polling(RunningExporter.scenario(scenario), before)) {
            exporter.passUntilUp(Duration.ZERO, gpus);
            trouble.accept(exporter);
            return exporter.text("/metrics");
        }
    }
}
