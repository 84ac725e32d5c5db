package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpuexporter.RunningExporter;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Prometheus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A real Prometheus that scrapes four nodes answers the dashboards' questions. */
@Timeout(120)
class DashboardIT {
    private static final String WHOLE = "whole";
    private static final String MIG = "mig";
    private static final String TROUBLE = "trouble";
    private static final String SUMMED = "summed";

    /** What can go wrong does, after the first scrapes: a counter that has not been seen lower has not risen. */
    private static final String EVERYTHING_GOES_WRONG = """
            gpus = [ { model = h100, count = 3 }, { model = h200 }, { model = t4 }, { model = b200 } ]
            pods = [
              { namespace = research, pod = train-0, gpus = [0, 1], utilization = 95%, memory = 60GiB, shape = steady }
            ]
            failures = [
              { kind = row-remap-failed, gpu = 2 }
              { kind = row-remap, gpu = 4, count = 3 }
              { kind = nvlink-errors, gpu = 3, link = 5 }
              { kind = pcie-errors, gpu = 3 }
              { kind = nvlink-down, gpu = 3, link = 3, from = 12s }
              { kind = ecc-uncorrected, gpu = 2, count = 3, from = 12s }
              { kind = xid, gpu = 0, from = 12s, xid = 13 }
              { kind = lost, gpu = 1, from = 12s, xid = 79 }
              { kind = unhealthy, gpu = 5 }
            ]
            """;

    /** A panel of each row of a dashboard, a query of it, and what the simulated node was made of. */
    private static final String COMPARED = """
            fleet     | GPUs                              | A | whole   | sum  | 8
            fleet     | Held by pods                      | A | whole   | sum  | 7
            fleet     | Free                              | A | whole   | sum  | 1
            fleet     | Held and idle                     | A | whole   | sum  | 1
            fleet     | In trouble                        | A | whole   | sum  | 0
            fleet     | In trouble                        | A | trouble | sum  | 3
            fleet     | Held by pods                      | A | mig     | sum  | 1
            fleet     | Nodes with free GPUs              | A | trouble | sum  | 4
            fleet     | Nodes                             | A | mig     | sum  | 1
            fleet     | Nodes and their GPUs              | A | trouble | sum  | 6
            fleet     | Nodes and their GPUs              | B | trouble | sum  | 5
            node      | GPUs up                           | A | trouble | sum  | 5
            node      | Power draw                        | B | whole   | sum  | 700
            node      | Clocks held back                  | A | whole   | rows | 7
            node      | Pods on GPUs                      | A | whole   | sum  | 9
            node      | Peak utilization                  | A | whole   | rows | 8
            node      | SMs active                        | A | whole   | rows | 8
            node      | NVLinks up                        | A | whole   | sum  | 144
            node      | GPUs                              | A | trouble | sum  | 5
            node      | GPUs of the node                  | A | whole   | rows | 8
            workloads | Pods on GPUs                      | A | whole   | sum  | 6
            workloads | GPUs held                         | A | whole   | sum  | 7
            workloads | Shared                            | A | whole   | sum  | 1
            workloads | Idle GPUs and who holds them      | A | whole   | rows | 1
            workloads | Shared GPUs and who is on them    | A | whole   | rows | 3
            workloads | Power from energy                 | A | whole   | rows | 3
            health    | Lost                              | A | trouble | sum  | 1
            health    | To be replaced                    | A | trouble | sum  | 1
            health    | Lost                              | A | whole   | sum  | 0
            health    | NVLinks gone                      | A | trouble | sum  | 1
            health    | Xids, what to do, and whom they hit | A | trouble | rows | 2
            health    | GPUs in trouble                   | A | trouble | rows | 3
            health    | GPUs in trouble                   | F | trouble | rows | 3
            health    | Most retired pages                | A | trouble | sum  | 3
            health    | NVLinks that are down             | A | trouble | sum  | 1
            health    | NVLinks that are down             | A | summed  | rows | 0
            health    | Least margin to slowing down      | A | trouble | rows | 4
            mig       | GPUs in MIG mode                  | A | mig     | sum  | 2
            mig       | MIG devices                       | A | mig     | sum  | 4
            mig       | Held by pods                      | A | mig     | sum  | 2
            mig       | Memory used                       | A | mig     | rows | 1
            mig       | SMs active                        | A | mig     | rows | 4
            mig       | Resources                         | A | mig     | sum  | 4
            """;

    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");

    @TempDir
    private static Path directory;

    private static Map<String, RunningExporter> nodes;
    private static Prometheus prometheus;

    @BeforeAll
    static void start() throws IOException {
        Path trouble = Files.writeString(directory.resolve("trouble.conf"), EVERYTHING_GOES_WRONG);
        nodes = Map.of(
                WHOLE, RunningExporter.live("h200x8"),
                MIG, RunningExporter.live("src/test/resources/scenarios/mig-h200.conf"),
                TROUBLE, RunningExporter.live(trouble.toString()),
                SUMMED, RunningExporter.live("h100x2", Map.of("metrics.nvlink-per-link", "off")));
        prometheus = Prometheus.scraping(
                Files.createDirectory(directory.resolve("prometheus")),
                nodes.keySet().stream().collect(Collectors.toMap(Function.identity(), DashboardIT::address)));
        Eventually.holds(
                "several scrapes of each node, after all that goes wrong",
                () -> prometheus
                                        .query("count_over_time(gpu_xid_last_timestamp_seconds[1m]) > 3")
                                        .size()
                                == 2
                        && prometheus.query("up == 1").size() == nodes.size());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (prometheus != null) {
            prometheus.close();
        }
        if (nodes != null) {
            nodes.values().forEach(RunningExporter::close);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void hasAnAnswerToEachQuestion(Dashboard dashboard) {
        assertThat(dashboard.expressions()).isNotEmpty().allSatisfy(expression -> {
            String query = filled(expression, fitting(dashboard));
            assertThat(prometheus.query(query)).as(query).isNotEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void hasValuesForEachVariableButTheCluster(Dashboard dashboard) {
        List<Matcher> queries = dashboard
                .variables()
                .map(variable -> variable.at("/query/query").asText())
                .map(LABEL_VALUES::matcher)
                .filter(Matcher::matches)
                .toList();
        assertThat(queries).hasSizeGreaterThanOrEqualTo(4).allSatisfy(query -> {
            String label = query.group(2);
            String values = "count by (%s) (%s)".formatted(label, filled(query.group(1), fitting(dashboard)));
            assertThat(prometheus.query(values))
                    .as(values)
                    .anyMatch(sample ->
                            ((JsonObject) sample).getJsonObject("metric").containsKey(label)
                                    || label.equals("cluster"));
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = COMPARED)
    void showsWhatTheNodeIs(String dashboard, String panel, String target, String node, String measure, double value) {
        String query = filled(expression(dashboard, panel, target), address(node));
        // A machine with much to do may not get every GPU read in time at each poll.
        Eventually.holds("%s is %s".formatted(query, value), () -> measured(query, measure) == value);
    }

    /** Two of the three that share GPU 2 are of another namespace. */
    @Test
    void aGpuIsSharedWhicheverNamespaceIsChosen() {
        String query = expression("workloads", "Shared", "A").replaceAll("\\$namespace", "dev");
        Eventually.holds("GPU 2 is shared", () -> measured(filled(query, address(WHOLE)), "sum") == 1);
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void isComparedRowByRow(Dashboard dashboard) {
        Set<JsonNode> compared = COMPARED.lines()
                .map(line -> line.split("\\|"))
                .filter(line -> dashboard.file().equals("gpu-" + line[0].strip() + ".json"))
                .map(line -> panel(line[0].strip(), line[1].strip()))
                .collect(Collectors.toSet());
        assertThat(dashboard.rows())
                .isNotEmpty()
                .allSatisfy((row, panels) -> assertThat(panels).as(row).containsAnyElementsOf(compared));
    }

    private static double measured(String query, String measure) {
        JsonArray samples = prometheus.query(query);
        if (measure.equals("rows")) {
            return samples.size();
        }
        return samples.stream()
                .mapToDouble(sample -> Double.parseDouble(
                        ((JsonObject) sample).getJsonArray("value").getString(1)))
                .sum();
    }

    private static String expression(String dashboard, String title, String refId) {
        return Dashboard.elements(panel(dashboard, title).path("targets"))
                .filter(target -> target.path("refId").asText().equals(refId))
                .map((JsonNode target) -> target.path("expr").asText())
                .findFirst()
                .orElseThrow();
    }

    /** The first by this title. */
    private static JsonNode panel(String dashboard, String title) {
        return Dashboard.all()
                .filter(each -> each.file().equals("gpu-" + dashboard + ".json"))
                .flatMap(each -> each.panels().stream())
                .filter(panel -> panel.path("title").asText().equals(title))
                .findFirst()
                .orElseThrow();
    }

    /** One node where the dashboard shows one; MIG devices where they are; else all there is. */
    private static String fitting(Dashboard dashboard) {
        return switch (dashboard.file()) {
            case "gpu-node.json" -> address(WHOLE);
            case "gpu-mig.json" -> address(MIG);
            default -> ".*";
        };
    }

    /** As Grafana fills it in for somebody who looks at this node and leaves the rest at All. */
    private static String filled(String expression, String node) {
        String filled = expression
                .replaceAll("\\$__rate_interval", "10s")
                .replaceAll("\\$__range_s", "300")
                .replaceAll("\\$__range", "5m")
                .replaceAll("\\$node", node)
                .replaceAll("\\$\\w+", ".*");
        assertThat(filled).doesNotContain("$");
        return filled;
    }

    private static String address(String node) {
        return nodes.get(node).address();
    }
}
