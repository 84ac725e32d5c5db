package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** With Helm as without it. */
class ChartTest {
    private static final Predicate<String> FOR_THE_OPERATOR =
            List.of("ServiceMonitor", "PodMonitor", "PrometheusRule")::contains;

    private static Chart chart;

    @BeforeAll
    static void pack() {
        chart = Chart.pack();
    }

    static Stream<Install> installs() {
        return Stream.concat(
                Install.documented().stream()
                        .filter(install -> install.directory().startsWith("deploy")),
                Install.combined().stream());
    }

    @ParameterizedTest
    @MethodSource("installs")
    void installsWhatKustomizeInstalls(Install install) {
        assertThat(Comparison.of(install.byHelm(chart), install.byKustomize())).isEmpty();
    }

    @Test
    void everyOverlayHasItsValuesInTheDocuments() throws IOException {
        try (Stream<Path> overlays = Files.list(Project.directory().resolve("deploy/overlays"))) {
            assertThat(Install.documented())
                    .extracting(Install::directory)
                    .containsAll(overlays.map(overlay -> "deploy/overlays/" + overlay.getFileName())
                            .toList());
        }
    }

    @Test
    void prometheusFindsItTheSameWay() {
        Install documented = Install.documented().stream()
                .filter(install -> install.directory().equals("servicemonitor"))
                .findFirst()
                .orElseThrow();
        assertThat(Comparison.of(documented.byHelm(chart).ofKind(FOR_THE_OPERATOR), documented.byKustomize()))
                .isEmpty();
        assertThat(Comparison.of(
                        chart.rendered("--set", "podMonitor.enabled=true,prometheusRule.enabled=true")
                                .ofKind(FOR_THE_OPERATOR),
                        Manifests.rendered("servicemonitor", "servicemonitor/podmonitor")))
                .isEmpty();
        assertThat(chart.rendered().ofKind(FOR_THE_OPERATOR).objects()).isEmpty();
    }

    @Test
    void anOperatorsLabelsAndIntervalsAreTheValues() {
        Manifests manifests = chart.rendered(
                "--set",
                "serviceMonitor.enabled=true,serviceMonitor.labels.release=prom,serviceMonitor.interval=30s,"
                        + "prometheusRule.enabled=true,prometheusRule.runbookPrefix=https://git.example.com/");
        JsonNode monitor = manifests.one("ServiceMonitor");
        assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prom");
        assertThat(monitor.at("/spec/endpoints/0/interval").asText()).isEqualTo("30s");
        assertThat(manifests.one("PrometheusRule").findValuesAsText("runbook_url"))
                .isNotEmpty()
                .allSatisfy(url -> assertThat(url).startsWith("https://git.example.com/docs/runbook.md#"));
    }

    @Test
    void bringsTheDashboardsAsTheyAre() throws IOException {
        Manifests maps = chart.rendered("--set", "dashboards.enabled=true").ofKind("ConfigMap"::equals);
        assertThat(maps.objects()).hasSameSizeAs(Dashboard.all().toList()).allSatisfy(map -> assertThat(
                        map.at("/metadata/labels/grafana_dashboard").asText())
                .isEqualTo("1"));
        for (JsonNode map : maps.objects()) {
            Map.Entry<String, JsonNode> file = map.path("data").fields().next();
            assertThat(file.getValue().asText())
                    .isEqualTo(Files.readString(
                                    Project.directory().resolve("dashboards").resolve(file.getKey()))
                            .strip());
        }
        assertThat(maps.objects().toString().length())
                .as("the size that etcd takes of one object, for all together")
                .isLessThan(1 << 20);
    }

    @Test
    void givesTheExporterItsFileAndStartsItAnewWhenThatChanges() {
        Manifests manifests = chart.rendered("--set", "config=poll.interval = 10s", "--set", "env.GPU_EXPORTER_X=y");
        JsonNode template = manifests.one("DaemonSet").at("/spec/template");
        JsonNode container = template.at("/spec/containers/0");
        assertThat(manifests.one("ConfigMap").at("/data/exporter.conf").asText())
                .isEqualTo("poll.interval = 10s");
        assertThat(container.path("args"))
                .extracting(JsonNode::asText)
                .containsExactly("--config", "/etc/gpu-exporter/exporter.conf");
        assertThat(container.path("volumeMounts"))
                .filteredOn(mount -> mount.path("name").asText().equals("config"))
                .singleElement()
                .satisfies(mount -> assertThat(mount.path("mountPath").asText()).isEqualTo("/etc/gpu-exporter"));
        assertThat(template.at("/spec/volumes"))
                .filteredOn(volume -> volume.path("name").asText().equals("config"))
                .singleElement()
                .satisfies(volume -> assertThat(volume.at("/configMap/name"))
                        .isEqualTo(manifests.one("ConfigMap").at("/metadata/name")));
        assertThat(container.path("env"))
                .filteredOn(variable -> variable.path("name").asText().equals("GPU_EXPORTER_X"))
                .extracting(variable -> variable.path("value").asText())
                .containsExactly("y");
        JsonNode other = chart.rendered("--set", "config=poll.interval = 20s").one("DaemonSet");
        assertThat(template.at("/metadata/annotations")).isNotEqualTo(other.at("/spec/template/metadata/annotations"));
    }

    @Test
    void namesThePodsLabelsThatAreShown() {
        JsonNode container = chart.rendered(
                        "--set", "podMetadata.enabled=true,podMetadata.labels={team,example.com/cost}")
                .one("DaemonSet")
                .at("/spec/template/spec/containers/0");
        assertThat(container.path("env"))
                .filteredOn(variable -> variable.path("name").asText().equals("GPU_EXPORTER_KUBERNETES_POD_LABELS"))
                .extracting(variable -> variable.path("value").asText())
                .containsExactly("team,example.com/cost");
    }

    @Test
    void probesByHttpWhereTheWebConfigurationHasNoTls() {
        JsonNode container = chart.rendered("--set", "webConfig.secret=users,webConfig.tls=false")
                .one("DaemonSet")
                .at("/spec/template/spec/containers/0");
        assertThat(container.findValues("httpGet")).hasSize(3).noneMatch(probe -> probe.has("scheme"));
        assertThat(container.findValues("httpGet"))
                .allMatch(probe -> probe.path("port").asText().equals("metrics"));
    }

    @Test
    void aMonitorSaysHowToScrapeByTls() {
        JsonNode endpoint = chart.rendered(
                        "--set",
                        "serviceMonitor.enabled=true,webConfig.scrape.scheme=https,"
                                + "webConfig.scrape.basicAuth.username.name=scrape")
                .one("ServiceMonitor")
                .at("/spec/endpoints/0");
        assertThat(endpoint.path("scheme").asText()).isEqualTo("https");
        assertThat(endpoint.at("/basicAuth/username/name").asText()).isEqualTo("scrape");
    }

    @Test
    void passesHelmsOwnCheck() {
        assertThat(Command.run(Chart.helm(), "lint", "--strict", Chart.DIRECTORY))
                .contains("1 chart(s) linted, 0 chart(s) failed")
                .doesNotContain("[WARNING]", "[ERROR]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "podMetadata.enabld=true | at '/podMetadata': additional properties 'enabld' not allowed",
                "tolerationz=x | at '': additional properties 'tolerationz' not allowed",
                "platform=gkee | at '/platform': value must be one of '', 'microk8s', 'k0s', 'gke', 'openshift'",
                "hostPid.enabled=yes | at '/hostPid/enabled': got string, want boolean",
                "probePort=9400 | probePort is 9400, where the metrics are; take another, such as 9401",
                "probePort=94000 | at '/probePort': maximum: got 94,000, want 65,535",
                "webConfig.tls=yes | at '/webConfig/tls': got string, want boolean",
                "serviceMonitor.interval=5x | at '/serviceMonitor/interval': '5x' does not match pattern",
                "serviceMonitor.enabled=true,podMonitor.enabled=true | both true, which would scrape each exporter twice",
                "webConfig.secret=web,podMonitor.enabled=true | would scrape without; set webConfig.scrape.scheme=https",
                "webConfig.secret=web,serviceMonitor.enabled=true,webConfig.scrape.scheme=http | would scrape without"
            })
    void refusesWhatCannotBeMeant(String value, String line) {
        assertThatThrownBy(() -> chart.rendered("--set", value)).hasMessageContaining(line);
    }

    /** Without what marks a build between two releases; the image is named after it everywhere. */
    @Test
    void isOfThePomsVersion() throws IOException {
        Matcher pom = Pattern.compile("<artifactId>gpu-exporter</artifactId>\\s*<version>([0-9.]+)")
                .matcher(Files.readString(Project.directory().resolve("pom.xml")));
        assertThat(pom.find()).isTrue();
        assertThat(Chart.description().path("version").asText()).isEqualTo(pom.group(1));
        assertThat(Chart.description().path("appVersion").asText()).isEqualTo(pom.group(1));
        assertThat(Manifests.rendered("deploy")
                        .one("DaemonSet")
                        .at("/spec/template/spec/containers/0/image")
                        .asText())
                .isEqualTo("gpu-exporter:" + pom.group(1));
    }
}
