package dev.gpuexporter.deploy;

import static dev.gpuexporter.deploy.Expectation.gpus;
import static dev.gpuexporter.deploy.Expectation.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.RunningExporter;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.kubernetes.ApiObjects;
import dev.gpuexporter.kubernetes.FakeApiServer;
import dev.gpuexporter.kubernetes.StackComponents;
import dev.gpuexporter.testing.ConcurrentTest;
import dev.gpuexporter.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;

/** Alerts over what the exporter says of simulated nodes: each fires where it should and is quiet where it should be. */
class AlertsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final Set<String> METRICS = RuleFile.read().metricNames();

    /** All from the tenth minute on, but for the pages. */
    private static final List<Expectation> OF_XIDS = List.of(
            gpus("GpuLost", 10, 20, 1),
            gpus("GpuXidRestartApplication", 9, 15, 2),
            gpus("GpuXidResetGpu", 9, 15, 3),
            gpus("GpuXidRebootNode", 9, 15, 1),
            gpus("GpuXidLookUp", 9, 15, 4),
            gpus("GpuXidCheckNvlink", 9, 15, 5),
            gpus("GpuXidCheckPowerCable", 9, 15, 6),
            gpus("GpuRecoveryNeeded", 10, 40, 3),
            gpus("GpuRetiredPagesMany", 3, 10, 6));

    private static final List<Expectation> OF_LINKS = List.of(
            gpus("GpuThermalSlowdown", 10, 30, 1, 7),
            gpus("GpuHot", 10, 30, 1, 7),
            gpus("GpuPowerBrake", 10, 30, 2),
            gpus("GpuPcieDegraded", 10, 45, 3),
            gpus("GpuPcieErrors", 10, 30, 4),
            gpus("GpuNvlinkDown", 10, 20, 5),
            gpus("GpuNvlinkErrors", 10, 30, 5));

    /** From the fortieth second on. */
    private static final List<Expectation> OF_MEMORY = List.of(
            gpus("GpuEccUncorrected", 0, 10, 0, 1, 2),
            gpus("GpuRowRemapPending", 0, 10, 2),
            gpus("GpuRowRemapFailed", 0, 10, 2),
            gpus("GpuRowRemapSparesGone", 0, 10, 2),
            gpus("GpuRetiredPagesPending", 0, 10, 0),
            gpus("GpuSramThresholdExceeded", 0, 10, 2));

    private static final List<Expectation> OF_THE_NODE = List.of(
            node("GpuExporterUnmappedDevices", 40, 60),
            gpus("GpuNotAllocatable", 60, 90, 1),
            gpus("GpuAllocatedIdle", 120, 270, 2),
            gpus("GpuPowerCapped", 60, 200, 3),
            node("GpuExporterKubeletDown", 300, 330),
            node("GpuExporterNvmlDown", 415, 445));

    private static final List<Expectation> OF_STALE_DATA = List.of(node("GpuExporterDataStale", 0, 20));
    private static final List<Expectation> OF_NO_ANSWER = List.of(node("GpuExporterDown", 10, 20));
    private static final List<Expectation> OF_NO_TARGET = List.of(node("GpuExporterAbsent", 10, 20));
    private static final List<Expectation> OF_NO_API = List.of(node("GpuExporterKubernetesApiDown", 10, 20));

    @BeforeAll
    static void need() {
        Tool.PROMTOOL.require();
    }

    @ConcurrentTest
    void anXidFiresByWhatIsToBeDoneAboutIt() {
        holds("xids", Recording.of("troubled-gpus", MINUTE, Duration.ofMinutes(40), 6, METRICS), OF_XIDS);
    }

    @ConcurrentTest
    void whoIsToldReadsWhereAndWhomItHit() {
        Recording node = Recording.of("troubled-gpus", MINUTE, Duration.ofMinutes(16), 6, METRICS);
        String texts = new PromTool(node)
                .texts(
                        "texts",
                        Map.of("GpuXidRestartApplication", Duration.ofMinutes(15), "GpuLost", Duration.ofMinutes(16)));
        assertThat(texts)
                .contains("Xid 13 on GPU 2 of node-1: graphics engine exception.")
                .contains("of node-1 failed: research/train-0. Restart it;")
                .contains("GPU 1 of node-1 does not answer.")
                .doesNotContain("{{")
                .doesNotContain("<error")
                .doesNotContain("no value");
    }

    @ConcurrentTest
    void heatBrakesAndBadLinksFireForTheGpusThatHaveThem() {
        holds("links", Recording.of("troubled-links", MINUTE, Duration.ofMinutes(45), 8, METRICS), OF_LINKS);
    }

    @ConcurrentTest
    void wornMemoryFiresByWhatIsLeftOfIt() {
        holds("memory", Recording.of("worn-memory", MINUTE, Duration.ofMinutes(12), 5, METRICS), OF_MEMORY);
    }

    @ConcurrentTest
    void whatAroundTheGpusFailsFiresForTheNode() {
        Recording node = Recording.of("troubled-node", FIVE_MINUTES, Duration.ofMinutes(460), 4, METRICS);
        PromTool promtool = new PromTool(node);
        OF_THE_NODE.forEach(expected -> expected.askOf(promtool));
        // Where there is no driver, it is not each GPU that is lost.
        promtool.expect("ALERTS{alertname=\"GpuLost\"}", Duration.ofMinutes(445), Map.of());
        promtool.run("node");
    }

    /** Nobody polls any more: first the readings are old, then they are not shown. */
    @ConcurrentTest
    void readingsThatAreNotFreshFire() {
        Recording recording = new Recording(FIVE_MINUTES, METRICS);
        try (RunningExporter node =
                RunningExporter.afterOnePoll(RunningExporter.scenario("healthy-day"), Duration.ZERO)) {
            for (int scrape = 0; scrape <= 48; scrape++) {
                recording.add(node.scrape());
                node.pass(FIVE_MINUTES);
            }
        }
        assertThat(recording.last().all("gpu_exporter_last_poll_timestamp_seconds"))
                .isEmpty();
        PromTool promtool = new PromTool(recording);
        OF_STALE_DATA.forEach(expected -> expected.askOf(promtool));
        promtool.expect(
                "group(ALERTS{alertname=\"GpuExporterDataStale\", alertstate=\"firing\"})",
                Duration.ofHours(4),
                Map.of("{}", 1.0));
        promtool.run("stale");
    }

    @ConcurrentTest
    void anExporterThatDoesNotAnswerFires() {
        Recording recording = new Recording(MINUTE, METRICS);
        try (RunningExporter node =
                RunningExporter.afterOnePoll(RunningExporter.scenario("healthy-day"), Duration.ZERO)) {
            for (int scrape = 0; scrape < 10; scrape++) {
                recording.add(node.scrape());
            }
        }
        for (int scrape = 0; scrape < 20; scrape++) {
            recording.addFailure();
        }
        holds("down", recording, OF_NO_ANSWER);
    }

    @ConcurrentTest
    void anApiServerThatRefusesFires() {
        Recording recording = new Recording(MINUTE, METRICS);
        Settings.ApiServer pods = new Settings.ApiServer(Optional.of("node-1"), true, List.of(), false);
        try (FakeApiServer server = FakeApiServer.ofPods().answersListsWith(403);
                RunningExporter node = RunningExporter.inCluster(
                        RunningExporter.scenario("healthy-day"),
                        Optional.of(new ApiObjects(server.client(), pods)),
                        new StackComponents(Path.of("/nonexistent")))) {
            for (int scrape = 0; scrape <= 20; scrape++) {
                recording.add(node.scrape());
            }
        }
        holds("api", recording, OF_NO_API);
    }

    @ConcurrentTest
    void noExporterAtAllFires() {
        holds("absent", new Recording(MINUTE, METRICS), OF_NO_TARGET);
    }

    @ConcurrentTest
    void nothingFiresInADayInWhichNothingIsWrong() {
        Recording day = Recording.of("healthy-day", FIVE_MINUTES, Duration.ofDays(1), 5, METRICS);
        PromTool promtool = new PromTool(day);
        promtool.expect(
                "group by (alertname, gpu) (count_over_time(ALERTS{alertstate=\"firing\"}[1d]))",
                Duration.ofDays(1),
                Map.of());
        promtool.expect("count(gpu_up == 1)", Duration.ofDays(1), Map.of("{}", 5.0));
        promtool.run("day");
    }

    @ConcurrentTest
    void eachAlertHasATestOfWhenItFiresAndWhenNot() {
        assertThat(Stream.of(
                                OF_XIDS,
                                OF_LINKS,
                                OF_MEMORY,
                                OF_THE_NODE,
                                OF_STALE_DATA,
                                OF_NO_ANSWER,
                                OF_NO_TARGET,
                                OF_NO_API)
                        .flatMap(List::stream)
                        .map(Expectation::alert))
                .containsExactlyInAnyOrderElementsOf(RuleFile.read().alertNames());
    }

    private static void holds(String name, Recording recording, List<Expectation> expected) {
        PromTool promtool = new PromTool(recording);
        expected.forEach(expectation -> expectation.askOf(promtool));
        promtool.run(name);
    }
}
