package dev.gpuexporter;

import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.MetricReference;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.Option;

/** Prints the catalogue. */
final class MetricsCommand implements Command {
    private static final Option FORMAT =
            Command.option("format", "FORMAT", "table (default) or markdown (docs/metrics.md).");

    /** How the catalogue is printed. */
    enum Format {
        TABLE,
        MARKDOWN
    }

    @Override
    public String name() {
        return "metrics";
    }

    @Override
    public String description() {
        return "Lists every metric that there is.";
    }

    @Override
    public List<Option> options() {
        return List.of(FORMAT);
    }

    @Override
    public int run(Arguments given) {
        Format format = given.word(FORMAT, Format.TABLE);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.print(format == Format.MARKDOWN ? MetricReference.markdown(MetricCatalog.all()) : table());
        out.flush();
        return 0;
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
