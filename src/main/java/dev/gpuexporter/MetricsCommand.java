package dev.gpuexporter;

import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.MetricReference;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the catalogue. */
@Command(
        name = "metrics",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        description = "Lists every metric that there is.")
final class MetricsCommand implements Runnable {
    /** How the catalogue is printed. */
    enum Format {
        TABLE,
        MARKDOWN
    }

    @Option(names = "--format", paramLabel = "FORMAT", description = "table (default) or markdown (docs/metrics.md).")
    private Format format = Format.TABLE;

    @Override
    public void run() {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.print(format == Format.MARKDOWN ? MetricReference.markdown(MetricCatalog.all()) : table());
        out.flush();
    }

    private static String table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("METRIC", "TYPE", "GROUP", "MEANING"));
        for (GpuMetric metric : MetricCatalog.all()) {
            String labels = metric.labels().isEmpty() ? "" : "{" + String.join(",", metric.labels()) + "}";
            rows.add(List.of(
                    metric.name() + labels,
                    metric.type().name().toLowerCase(Locale.ROOT),
                    metric.group().key(),
                    metric.help()));
        }
        return Table.of(rows);
    }
}
