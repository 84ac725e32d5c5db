package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.RunningExporter;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.testing.Eventually;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StatusPageTest {
    private static final Duration AGE = Duration.ofMinutes(1);

    @Test
    void showsEveryGpuAndWhoHoldsIt() {
        try (RunningExporter exporter = RunningExporter.afterOnePoll(RunningExporter.scenario("h200"), AGE)) {
            String page = exporter.text("/");
            assertThat(page.split("<td class='gpu'", -1)).hasSize(8 + 1);
            assertThat(page)
                    .contains(">NVIDIA H200<", " / 140.4 GiB<", " / 700 W<", ">research/train-0 main<")
                    .contains(">shared: dev/test, prod/llm-a, prod/llm-b<")
                    .contains("These GPUs are simulated.")
                    .doesNotContain("No fresh readings.");
            assertThat(exporter.get("/").headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
            assertThat(exporter.get("/").headers().firstValue("Cache-Control")).contains("no-store");
        }
    }

    @Test
    void showsMigDevicesBelowTheirGpu() {
        try (RunningExporter exporter = RunningExporter.afterOnePoll(RunningExporter.scenario("mig-h100"), AGE)) {
            String page = exporter.text("/");
            assertThat(page.split("<tr class=part>", -1)).hasSize(5 + 1);
            assertThat(page)
                    .contains("<td class='gpu'>0:2</td><td class='model'>MIG 3g.40gb</td>")
                    .contains(">30.0 / 39.5 GiB<", ">prod/llm-b server<", ">shared: dev/test-0, dev/test-1<");
        }
    }

    @Test
    void reloadsItselfOnceASecondAtMost() {
        try (RunningExporter exporter = RunningExporter.live("t4")) { // polls twice as often
            assertThat(exporter.text("/")).contains("http-equiv=refresh content=1>", "every 1 s");
        }
    }

    @Test
    void letsNoNameBreakOutOfItsCell() {
        try (RunningExporter exporter = RunningExporter.afterOnePoll(Hostile.SCENARIO, AGE)) {
            String page = exporter.text("/");
            assertThat(page)
                    .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                    .contains("&#39;&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp;")
                    .doesNotContain("<script", "<img");
        }
    }

    @Test
    void saysWhyThereAreNoGpus() {
        try (RunningExporter exporter = RunningExporter.withDriver(() -> {
            throw new UnsatisfiedLinkError("no <driver> here");
        })) {
            Eventually.holds("the reason is shown", () -> exporter.text("/").contains("&lt;driver&gt; here"));
            assertThat(exporter.text("/"))
                    .contains("NVML: NVML cannot be used: no &lt;driver&gt; here")
                    .doesNotContain("These GPUs are simulated.");
        }
    }

    @Test
    void saysThatReadingsAreOld() {
        try (RunningExporter exporter = RunningExporter.afterOnePoll(RunningExporter.scenario("t4"), AGE)) {
            exporter.pass(Duration.ofHours(4));
            assertThat(exporter.text("/")).contains("No fresh readings.");
        }
    }

    @Test
    void saysThatAGpuIsLostAndWhy() {
        try (RunningExporter exporter = RunningExporter.polling(RunningExporter.scenario("lost-gpu"), AGE)) {
            exporter.passUntilUp(Duration.ZERO, 1);
            assertThat(exporter.text("/")).contains("class='health bad'>lost: GPU_IS_LOST from ");
        }
    }

    @Test
    void saysWhoHeldAGpuWhenItsXidCame() {
        Duration before = Duration.ofSeconds(20);
        try (RunningExporter exporter = RunningExporter.polling(RunningExporter.scenario("lost-gpu"), before)) {
            exporter.passUntilUp(Duration.ZERO, 2);
            exporter.pass(Duration.ofSeconds(11));
            Eventually.holds("the Xid is shown", () -> exporter.text("/")
                    .contains("GPU 1: Xid 79 at 2026-03-01T12:00:31Z, held by research/train-1 main"));
        }
    }

    @Test
    void saysWhatIsWrongWithAGpuThatAnswers() {
        try (RunningExporter exporter = RunningExporter.afterOnePoll(RunningExporter.scenario("worn-memory"), AGE)) {
            assertThat(exporter.text("/"))
                    .contains("class='health bad'>replace the GPU, its memory is worn out; drain the GPU and reset it<")
                    .contains("class='health bad'>reboot the node<")
                    .containsPattern("<title>\\d of 5 GPUs in trouble · gpu-exporter<");
        }
    }

    @Test
    void saysThatTheDevicePluginHoldsAGpuBack() {
        Scenario scenario = RunningExporter.scenario("troubled-node");
        try (RunningExporter exporter = RunningExporter.afterOnePoll(scenario, Duration.ofHours(2))) {
            assertThat(exporter.text("/")).contains("class='health bad'>the device plugin does not offer it<");
        }
    }
}
