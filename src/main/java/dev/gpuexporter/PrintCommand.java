package dev.gpuexporter;

import dev.gpuexporter.attribution.GpuSummary;
import dev.gpuexporter.attribution.MigSummary;
import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.kubernetes.Workload;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;

/** Reads the node once and prints it. */
final class PrintCommand implements Command {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Option FORMAT = Command.option("format", "FORMAT", "table (default), prometheus or json.");

    /** How the reading is printed. */
    enum Format {
        TABLE,
        PROMETHEUS,
        JSON
    }

    @Override
    public String name() {
        return "print";
    }

    @Override
    public String description() {
        return "Reads every GPU once and prints what it is doing.";
    }

    @Override
    public List<Option> options() {
        return List.of(NodeOptions.CONFIG, NodeOptions.SIMULATE, FORMAT);
    }

    @Override
    public List<String> footer() {
        return List.of(NodeOptions.models());
    }

    @Override
    public int run(Arguments given) throws Exception {
        NodeOptions nodeOptions = new NodeOptions(given);
        Format format = given.word(FORMAT, Format.TABLE);
        Settings settings = nodeOptions.settings(List.of());
        LogConfigurator.onlyWarningsAboutPods(settings.logLevel());
        Exporter exporter = new Exporter(settings, nodeOptions.node(settings), InstantSource.system(), why -> {});
        try {
            exporter.readOnce();
            NodeView node = firstReading(exporter);
            print(node, format, exporter);
            node.snapshot().nvmlProblem().ifPresent(problem -> {
                throw new CannotServeException(problem);
            });
            if (!node.snapshot().hasData()) {
                throw new CannotServeException("no GPU answers");
            }
            return 0;
        } finally {
            exporter.stop(Duration.ofMillis(1500));
        }
    }

    private static void print(NodeView node, Format format, Exporter exporter) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        switch (format) {
            case TABLE -> out.print(node.snapshot().devices().isEmpty() ? "" : table(node));
            case PROMETHEUS ->
                out.write(exporter.exposition().page(false, false).get());
            case JSON -> out.println(json(node).encodePrettily());
        }
        out.flush();
    }

    /** The first snapshot that says something, whatever it is. */
    private static NodeView firstReading(Exporter exporter) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && !exporter.isFresh()) {
            Thread.sleep(20);
        }
        return exporter.attribution().current();
    }

    static String table(NodeView node) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("GPU", "MODEL", "UTIL", "MEMORY", "TEMP", "POWER", "HEALTH", "WORKLOAD"));
        for (GpuSummary gpu : GpuSummary.of(node)) {
            rows.add(List.of(
                    Integer.toString(gpu.index()),
                    gpu.model(),
                    gpu.utilizationText(),
                    gpu.memoryText(),
                    gpu.temperatureText(),
                    gpu.powerText(),
                    health(gpu),
                    gpu.condition().isLost() ? gpu.condition().problem() : gpu.workloadText()));
            for (MigSummary part : gpu.mig()) {
                rows.add(List.of(
                        part.name(),
                        "MIG " + part.profile(),
                        part.activeText(),
                        part.memoryText(),
                        "",
                        "",
                        part.shared() ? "shared " + part.workloads().size() : "",
                        part.workloadText()));
            }
        }
        return Table.of(rows, 2, 3, 4, 5);
    }

    private static String health(GpuSummary gpu) {
        return switch (gpu.condition().state()) {
            case LOST -> gpu.condition().state().word();
            case OK ->
                gpu.shared()
                        ? "shared " + gpu.workloads().size()
                        : gpu.condition().words();
            case IDLE, WARN, BAD -> gpu.condition().words();
        };
    }

    static JsonObject json(NodeView node) {
        JsonArray gpus = new JsonArray();
        List<GpuSummary> summaries = GpuSummary.of(node);
        for (int i = 0; i < summaries.size(); i++) {
            GpuSummary gpu = summaries.get(i);
            JsonArray mig = new JsonArray();
            gpu.mig()
                    .forEach(part -> mig.add(new JsonObject()
                            .put("mig_uuid", part.uuid())
                            .put("mig_profile", part.profile())
                            .put("shared", part.shared())
                            .put("workloads", json(part.workloads()))));
            JsonArray readings = new JsonArray();
            node.snapshot().devices().get(i).samples().forEach(sample -> {
                JsonObject labels = new JsonObject();
                sample.mig().ifPresent(part -> labels.put("mig_uuid", part.uuid())
                        .put("mig_profile", part.profile())
                        .put("gpu_instance", Integer.toString(part.gpuInstance()))
                        .put("compute_instance", Integer.toString(part.computeInstance())));
                for (int label = 0; label < sample.labels().size(); label++) {
                    labels.put(
                            sample.metric().labels().get(label), sample.labels().get(label));
                }
                readings.add(new JsonObject()
                        .put("name", sample.metric().name())
                        .put("labels", labels)
                        .put("value", sample.value()));
            });
            gpus.add(new JsonObject()
                    .put("gpu", gpu.index())
                    .put("uuid", gpu.uuid())
                    .put("model", gpu.model())
                    .put("health", gpu.condition().state().word())
                    .put("problem", gpu.condition().problem())
                    .put("shared", gpu.shared())
                    .put("workloads", json(gpu.workloads()))
                    .put("mig", mig)
                    .put("readings", readings));
        }
        return new JsonObject()
                .put("time", node.snapshot().time().toString())
                .put("nvml_up", node.snapshot().isNvmlUp())
                .put("gpus", gpus);
    }

    private static JsonArray json(List<Workload> workloads) {
        JsonArray array = new JsonArray();
        workloads.forEach(workload -> array.add(new JsonObject()
                .put("namespace", workload.namespace())
                .put("pod", workload.pod())
                .put("container", workload.container())));
        return array;
    }
}
