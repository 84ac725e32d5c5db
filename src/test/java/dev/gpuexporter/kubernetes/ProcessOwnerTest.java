package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.kubernetes.ProcessOrigin.Kind;
import dev.gpuexporter.testing.SteppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessOwnerTest {
    private static final int PID = 4711;
    private static final String UID = "72e522f4-0b55-4fe4-9fde-eee190106199";
    private static final String OTHER_UID = "ee9d31d8-0ac2-4d8a-8d5b-8e00d294ce8e";
    private static final String ID = "228e6c286db95edaf54efbffee8502aa470ef5c7ecca947bb6e275e0648ecd42";
    private static final String OTHER_ID = "1361f2596776d9c0e247b6fc431ca83b7c7a7516bedb00b6f817bbd4049fcb4a";
    private static final Workload TRAINING = new Workload("research", "train-0", "main");

    private final SteppedClock clock = new SteppedClock();

    @TempDir
    Path root;

    private FakeHost host;
    private ProcessOwner owner;

    @BeforeEach
    void aNodeWhoseProcessesAreVisible() throws IOException {
        host = new FakeHost(root).shared();
        owner = host.owner(clock);
    }

    private ProcessOrigin origin() {
        return owner.origin(PID, clock.instant());
    }

    private static String cgroup(String uid, String id) {
        return "0::/kubepods/burstable/pod" + uid + "/" + id + "\n";
    }

    @Test
    void namesTheContainerOfAProcess() throws IOException {
        host.run(PID, "python3", 900, cgroup(UID, ID))
                .log("research", "train-0", UID, "main", ID)
                .log("research", "train-0", UID, "sidecar", OTHER_ID);

        assertThat(origin().workload()).contains(TRAINING);
    }

    @Test
    void knowsAProcessOutsideOfPods() throws IOException {
        host.run(PID, "Xorg", 20, "0::/system.slice/display-manager.service\n");
        assertThat(origin()).isEqualTo(ProcessOrigin.OUTSIDE);
    }

    @Test
    void takesMpsForNoWorkload() throws IOException {
        host.run(PID, "nvidia-cuda-mps", 20, cgroup(UID, ID)).log("gpu-operator", "mps", UID, "main", ID);
        assertThat(origin()).isEqualTo(ProcessOrigin.MPS);
    }

    @Test
    void saysNothingOfAProcessThatIsGone() {
        assertThat(origin()).isEqualTo(ProcessOrigin.UNSEEN);
        assertThat(owner.origin(-1, clock.instant())).isEqualTo(ProcessOrigin.UNSEEN);
    }

    @Test
    void saysNothingOfTheNextProcessWithTheSameNumber() throws IOException {
        host.run(PID, "python3", 995, cgroup(UID, ID)).log("research", "train-0", UID, "main", ID);

        assertThat(owner.origin(PID, clock.instant().minusSeconds(4)).workload())
                .contains(TRAINING);
        assertThat(owner.origin(PID, clock.instant().minusSeconds(6))).isEqualTo(ProcessOrigin.UNSEEN);
    }

    @Test
    void doesNotTrustPidsOfAnotherNamespace() throws IOException {
        host.withPidNamespace(4026532281L)
                .run(PID, "python3", 900, cgroup(UID, ID))
                .log("research", "train-0", UID, "main", ID);

        assertThat(origin()).isEqualTo(ProcessOrigin.UNSEEN);
        assertThat(owner.sight()).isEqualTo(ProcessSight.NO_HOST_PIDS);
        assertThat(owner.sight().inWords()).contains("hostPID: true");
    }

    @Test
    void trustsTheHostsProcUnderAnotherName() throws IOException {
        host.withPidNamespace(4026532281L).run(2, "kthreadd", 0, "0::/\n");
        assertThat(owner.sight()).isEqualTo(ProcessSight.CLEAR);
    }

    @Test
    void saysThatTheLogsAreNotMounted() throws IOException {
        Files.delete(host.podLogs());
        Files.delete(host.containerLogs());
        host.run(PID, "python3", 900, cgroup(UID, ID));

        assertThat(owner.sight()).isEqualTo(ProcessSight.NO_POD_LOGS);
        assertThat(origin().kind()).isEqualTo(Kind.UNNAMED);
    }

    @Test
    void takesTheNamesThatTheApiServerToldWhereThereIsNoLog() throws IOException {
        Files.delete(host.podLogs());
        Files.delete(host.containerLogs());
        host.run(PID, "python3", 900, cgroup(UID, ID)).run(PID + 1, "python3", 900, cgroup(UID, OTHER_ID));
        PodDescription pod = new PodDescription(
                TRAINING.namespace(),
                TRAINING.pod(),
                UID,
                Optional.empty(),
                Collections.emptySortedMap(),
                Map.of(ID, TRAINING.container()));
        owner = host.owner(Optional.of(() -> PodIndex.of(List.of(pod))), clock);

        assertThat(owner.sight()).isEqualTo(ProcessSight.CLEAR);
        assertThat(origin()).isEqualTo(ProcessOrigin.in(TRAINING));
        assertThat(owner.origin(PID + 1, clock.instant())).as("not among them").isEqualTo(ProcessOrigin.UNNAMED);
    }

    @Test
    void looksAgainForAContainerThatIsNewButNotAllTheTime() throws IOException {
        host.run(PID, "python3", 900, cgroup(UID, ID));
        assertThat(origin().kind()).isEqualTo(Kind.UNNAMED);

        host.log("research", "train-0", UID, "main", ID);
        clock.advance(FakeHost.PAUSE.minusMillis(1));
        assertThat(origin().kind()).isEqualTo(Kind.UNNAMED);

        clock.advance(Duration.ofMillis(1));
        assertThat(origin().workload()).contains(TRAINING);
    }

    @Test
    void goesOnKnowingAContainerWithoutLookingAgain() throws IOException {
        host.run(PID, "python3", 900, cgroup(UID, ID)).log("research", "train-0", UID, "main", ID);
        assertThat(origin().workload()).contains(TRAINING);

        clock.advance(FakeHost.PAUSE.multipliedBy(10));
        Files.move(host.containerLogs(), root.resolve("elsewhere"));
        assertThat(origin().workload()).contains(TRAINING);
    }

    @Test
    void knowsTheOnlyContainerOfAPodByThePodAlone() throws IOException {
        host.run(PID, "python3", 900, cgroup(UID, ID))
                .directory("research", "train-0", UID, "main")
                .directory("research", "train-1", OTHER_UID, "main");
        assertThat(origin().workload()).contains(TRAINING);
    }

    @Test
    void doesNotChooseAmongTheContainersOfAPod() throws IOException {
        host.run(PID, "python3", 900, cgroup(UID, ID))
                .directory("research", "train-0", UID, "main")
                .directory("research", "train-0", UID, "sidecar");
        assertThat(origin().kind()).isEqualTo(Kind.UNNAMED);
    }

    @Test
    void readsNamesThatTheKubeletHasCut() throws IOException {
        String pod = "train-" + "x".repeat(150);
        host.run(PID, "python3", 900, cgroup(UID, ID))
                .log("research", pod, UID, "a-container-with-a-long-name", ID)
                .log("research", pod, UID, "sidecar", OTHER_ID);

        assertThat(host.containerLogs().toFile().list()).anyMatch(name -> name.length() == 255);
        assertThat(origin().workload()).contains(new Workload("research", pod, "a-container-with-a-long-name"));
    }

    @Test
    void doesNotTakeAFewDigitsForAContainersId() throws IOException {
        String pod = "train-" + "x".repeat(200);
        host.run(PID, "python3", 900, cgroup(UID, ID))
                .log("research", pod, UID, "a-container-with-a-name", ID)
                .log("research", pod, UID, "sidecar", OTHER_ID);
        assertThat(origin().kind()).isEqualTo(Kind.UNNAMED);
    }

    @Test
    void isNotMisledByAnIdOfAnotherPodThatBeginsAlike() throws IOException {
        String pod = "train-" + "x".repeat(150);
        String alike = ID.substring(0, 60) + "0000";
        host.run(PID, "python3", 900, cgroup(UID, ID))
                .log("research", pod, OTHER_UID, "a-container-with-a-long-name", alike);
        assertThat(origin().kind()).isEqualTo(Kind.UNNAMED);
    }

    @Test
    void passesOverFilesThatAreNoneOfTheKubelets() throws IOException {
        host.run(PID, "python3", 900, cgroup(UID, ID)).log("research", "train-0", UID, "main", ID);
        Files.createFile(host.containerLogs().resolve("README.log"));
        Files.createFile(host.containerLogs().resolve("x".repeat(251) + ".log"));
        Files.createSymbolicLink(host.containerLogs().resolve("y".repeat(251) + ".log"), Path.of("a.log"));
        Files.createFile(host.podLogs().resolve("__"));
        assertThat(origin().workload()).contains(TRAINING);
    }
}
