package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.doctor.Finding.Level;
import dev.gpuexporter.kubernetes.FakeKubelet;
import dev.gpuexporter.kubernetes.GpuResources;
import dev.gpuexporter.kubernetes.KubeletException;
import dev.gpuexporter.kubernetes.KubeletSocket;
import dev.gpuexporter.kubernetes.PodResourcesClient;
import dev.gpuexporter.kubernetes.PodResourcesSource;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.kubernetes.WorkloadRefresher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeletCheckTest {
    private static final String SOCKET = "pod-resources/kubelet.sock";

    @TempDir
    private Path root;

    @Test
    void countsWhatAKubeletOnARealSocketTells() throws Exception {
        Path socket = socketUnder("var/lib/kubelet");
        try (FakeKubelet kubelet = new FakeKubelet(socket)) {
            kubelet.answers(FakeKubelet.LIST, new byte[0]).answers(FakeKubelet.ALLOCATABLE, new byte[0]);
            assertThat(ask(Optional.empty()))
                    .isEqualTo(Finding.ok("kubelet", socket + " answers; GPU devices in the hands of containers: 0"));
        }
    }

    @Test
    void namesTheRootThatHasTheSocketWhereTheConfiguredOneLacksIt() throws Exception {
        Files.createFile(socketUnder("var/snap/microk8s/common/var/lib/kubelet"));
        Path configured = root.resolve("var/lib/kubelet");
        Finding finding = ask(Optional.of(configured));
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.text()).isEqualTo(configured.resolve(SOCKET) + " does not exist");
        assertThat(finding.remedy())
                .startsWith("MicroK8s keeps it under /var/snap/microk8s/common/var/lib/kubelet: mount that directory"
                        + " and set kubernetes.kubelet-root");
    }

    @Test
    void namesAllPlacesWhereItLooked() {
        Finding finding = ask(Optional.empty());
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.text())
                .startsWith(
                        "there is none of " + root.resolve("var/lib/kubelet").resolve(SOCKET) + ", ")
                .contains("microk8s", "k0s");
        assertThat(finding.remedy()).contains("mount the directory pod-resources", "kubernetes.attribution = off");
    }

    @Test
    void tellsAStaleSocketFromAMissingOne() throws Exception {
        Path socket = socketUnder("var/lib/kubelet");
        try (FakeKubelet kubelet = new FakeKubelet(socket)) {
            kubelet.die();
            Finding finding = ask(Optional.empty());
            assertThat(finding.level()).isEqualTo(Level.FAIL);
            assertThat(finding.text()).startsWith("no answer from " + socket + " (UNAVAILABLE");
            assertThat(finding.remedy()).contains("systemctl status kubelet");
        }
    }

    @Test
    void saysWhoMayConnect() throws Exception {
        Files.createFile(socketUnder("var/lib/kubelet"));
        Finding finding = check(
                () -> {
                    throw new KubeletException("UNAVAILABLE", "no answer from kubelet.sock (Permission denied)");
                },
                settings(Optional.empty(), AttributionMode.LABELS));
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.remedy()).isEqualTo("connecting takes user 0: set runAsUser: 0");
    }

    /** Of our own: whoever asks is not told that all is well. */
    @Test
    void saysThatAnAnswerCannotBeUsed() throws Exception {
        Files.createFile(socketUnder("var/lib/kubelet"));
        Finding finding = check(
                () -> {
                    throw new IllegalStateException("a defect");
                },
                settings(Optional.empty(), AttributionMode.LABELS));
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.text()).isEqualTo("the answer cannot be used (java.lang.IllegalStateException: a defect)");
    }

    @Test
    void warnsOnlyOfAKubeletThatIsAskedTooOften() throws Exception {
        Files.createFile(socketUnder("var/lib/kubelet"));
        Finding finding = check(
                () -> {
                    throw new KubeletException("RESOURCE_EXHAUSTED", "rejected by rate limit");
                },
                settings(Optional.empty(), AttributionMode.LABELS));
        assertThat(finding.level()).isEqualTo(Level.WARN);
    }

    @Test
    void doesNotMissAKubeletThatNobodyAsks() {
        List<Finding> findings = new KubeletCheck(
                        settings(Optional.empty(), AttributionMode.OFF),
                        Optional.empty(),
                        WorkloadIndex.empty(Instant.EPOCH),
                        Optional.of(new HostFiles(root)))
                .findings();
        assertThat(findings).containsExactly(Finding.ok("kubelet", "not asked (kubernetes.attribution = off)"));
    }

    private Path socketUnder(String kubeletRoot) throws IOException {
        return Files.createDirectories(root.resolve(kubeletRoot).resolve("pod-resources"))
                .resolve("kubelet.sock");
    }

    private Finding ask(Optional<Path> configured) {
        KubeletSocket socket =
                KubeletSocket.under(configured.map(List::of).orElseGet(() -> new HostFiles(root).kubeletRoots()));
        return check(
                new PodResourcesClient(socket, Duration.ofSeconds(2)), settings(configured, AttributionMode.LABELS));
    }

    private Finding check(PodResourcesSource source, Settings.Kubernetes settings) {
        KubeletAnswers answers = new KubeletAnswers();
        try (WorkloadRefresher workloads = new WorkloadRefresher(
                answers.through(source),
                GpuResources.byForm(),
                Duration.ofSeconds(10),
                Duration.ZERO,
                InstantSource.system(),
                () -> {})) {
            workloads.refresh();
            return new KubeletCheck(
                            settings, Optional.of(answers), workloads.current(), Optional.of(new HostFiles(root)))
                    .findings()
                    .get(0);
        }
    }

    private static Settings.Kubernetes settings(Optional<Path> kubeletRoot, AttributionMode attribution) {
        return new Settings.Kubernetes(
                attribution,
                kubeletRoot,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                List.of(),
                new Settings.ApiServer(Optional.empty(), false, List.of(), false));
    }
}
