package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.config.Settings;
import dev.gpuexporter.doctor.Finding.Level;
import dev.gpuexporter.kubernetes.FakeApiServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApiServerCheckTest {
    private static final Settings.ApiServer PODS =
            new Settings.ApiServer(Optional.of("gpu-node-1"), true, List.of(), false);

    @Test
    void isFineWherePodsMayBeListedAndWatched() throws Exception {
        try (FakeApiServer server = FakeApiServer.ofPods().lists("1")) {
            assertThat(ask(server, Duration.ofSeconds(30)))
                    .isEqualTo(Finding.ok("API server", "pods may be listed and watched"));
        }
    }

    @Test
    void tellsWhichRightIsMissing() throws Exception {
        try (FakeApiServer server = FakeApiServer.ofPods().answersListsWith(403)) {
            Finding finding = ask(server, Duration.ofSeconds(3));
            assertThat(finding.level()).isEqualTo(Level.FAIL);
            assertThat(finding.text())
                    .isEqualTo("pods: HTTP status 403: the service account must be allowed to list and watch them");
            assertThat(finding.remedy()).contains("list and watch pods", "kubernetes.pod-metadata = off");
        }
    }

    @Test
    void doesNotWaitForEverForAServerThatHangs() throws Exception {
        try (FakeApiServer server = FakeApiServer.ofPods().hangs()) {
            Finding finding = ask(server, Duration.ofSeconds(2));
            assertThat(finding.level()).isEqualTo(Level.FAIL);
            assertThat(finding.text()).isEqualTo("no answer about pods within 2 s");
        }
    }

    private static Finding ask(FakeApiServer server, Duration patience) throws InterruptedException {
        return new ApiServerCheck(PODS, server.client(), patience).findings().get(0);
    }
}
