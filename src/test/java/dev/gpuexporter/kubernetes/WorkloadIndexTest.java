package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkloadIndexTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String GPU = "GPU-12345678-1234-1234-1234-12345678000";
    private static final String MIG = "MIG-aaaaaaaa-1111-2222-3333-00000000000";

    private static final List<String> OWNERS = List.of(
            "edge/gke/main gke.example/gpu nvidia0/gi1",
            "edge/gke/main gke.example/gpu nvidia1/gi3/vgpu0",
            "edge/rdma/main nvidia.com/mig-1g.10gb " + MIG + "2",
            "infer/mig/main nvidia.com/mig-1g.10gb " + MIG + "1",
            "infer/shared/main nvidia.com/gpu.shared " + GPU + "7::2",
            "infer/shared/main nvidia.com/gpu.shared " + GPU + "7::3",
            "ml/one-gpu/main nvidia.com/gpu " + GPU + "4",
            "ml/two-containers/a nvidia.com/gpu " + GPU + "5",
            "ml/two-containers/b nvidia.com/gpu " + GPU + "0",
            "ml/two-gpus/main nvidia.com/gpu " + GPU + "1",
            "ml/two-gpus/main nvidia.com/gpu " + GPU + "2");

    @Test
    void givesTheDevicesOfARealNodeToTheirPods() throws Exception {
        assertThat(lines(recorded("list-v1.bin").allocations())).isEqualTo(OWNERS);
    }

    @Test
    void leavesAPodInACrashLoopItsGpu() throws Exception {
        assertThat(lines(recorded("list-v1-states.bin").allocations()))
                .hasSize(12)
                .containsAll(OWNERS)
                .contains("ml/crash/main nvidia.com/gpu " + GPU + "3");
    }

    @Test
    void readsTheSameOwnersFromV1alpha1AndNoneForFinishedPods() throws Exception {
        List<Allocation> allocations = ListedDevices.V1ALPHA1
                .parse(Recordings.open("list-v1alpha1.bin"))
                .allocations();
        WorkloadIndex index = WorkloadIndex.of(NOON, allocations, Optional.empty(), GpuResources.byForm());

        assertThat(lines(index.allocations())).isEqualTo(OWNERS);
        assertThat(index.allocatable()).isEmpty();
        assertThat(index.stock().get("nvidia.com/gpu")).isEqualTo(new Stock(OptionalInt.empty(), 5));
    }

    @Test
    void givesAMigDeviceToItsPod() throws Exception {
        assertThat(lines(recorded("list-v1.bin").holders(new DeviceId.Mig(MIG + "1"))))
                .containsExactly("infer/mig/main nvidia.com/mig-1g.10gb " + MIG + "1");
    }

    @Test
    void findsThoseWhoShareAGpuThroughTheGpu() throws Exception {
        WorkloadIndex index = recorded("list-v1.bin");
        List<Allocation> sharers = index.holders(new DeviceId.Gpu(GPU + "7"));

        assertThat(lines(sharers))
                .containsExactly(
                        "infer/shared/main nvidia.com/gpu.shared " + GPU + "7::2",
                        "infer/shared/main nvidia.com/gpu.shared " + GPU + "7::3");
        assertThat(sharers).allMatch(sharer -> sharer.device().shared());
        assertThat(index.holders(DeviceId.parse(GPU + "7::0"))).isEqualTo(sharers);
        assertThat(index.holders(new DeviceId.Gpu(GPU + "6"))).isEmpty();
    }

    @Test
    void knowsTheHealthyDevicesOfEachGpuResource() throws Exception {
        Map<String, Set<DeviceId>> allocatable =
                recorded("list-v1.bin").allocatable().orElseThrow();

        assertThat(allocatable)
                .containsOnlyKeys(
                        "nvidia.com/gpu", "nvidia.com/gpu.shared", "nvidia.com/mig-1g.10gb", "gke.example/gpu");
        assertThat(allocatable.get("nvidia.com/gpu")).hasSize(6).doesNotContain(new DeviceId.Gpu(GPU + "6"));
    }

    @Test
    void countsADeviceOnTwoNumaNodesOnce() throws Exception {
        assertThat(recorded("list-v1.bin").otherStock())
                .containsOnlyKeys("example.com/emptytopo", "rdma/hca")
                .containsEntry("rdma/hca", new Stock(OptionalInt.of(3), 1))
                .containsEntry("example.com/emptytopo", new Stock(OptionalInt.of(0), 1));
    }

    @Test
    void countsWhatThereIsAndWhatIsGiven() throws Exception {
        assertThat(recorded("list-v1.bin").stock())
                .containsOnlyKeys(
                        "gke.example/gpu", "nvidia.com/gpu", "nvidia.com/gpu.shared", "nvidia.com/mig-1g.10gb")
                .containsEntry("gke.example/gpu", new Stock(OptionalInt.of(3), 2))
                .containsEntry("nvidia.com/gpu", new Stock(OptionalInt.of(6), 5))
                .containsEntry("nvidia.com/gpu.shared", new Stock(OptionalInt.of(4), 2))
                .containsEntry("nvidia.com/mig-1g.10gb", new Stock(OptionalInt.of(2), 2));
    }

    @Test
    void claimsNoStockForDynamicResourceAllocation() {
        WorkloadIndex index = WorkloadIndex.of(
                NOON,
                List.of(claim("pod-a", "gpu.nvidia.com"), claim("pod-b", "gpu.nvidia.com"), claim("pod-a", "net.dra")),
                Optional.of(Map.of()),
                GpuResources.byForm());

        assertThat(index.allocations()).hasSize(2);
        assertThat(index.stock()).containsOnly(Map.entry("gpu.nvidia.com", new Stock(OptionalInt.empty(), 1)));
        assertThat(index.otherStock()).containsOnly(Map.entry("net.dra", new Stock(OptionalInt.empty(), 1)));
    }

    @Test
    void countsWhatComesTwiceOnce() {
        Allocation claim = claim("pod-a", "gpu.nvidia.com");
        assertThat(WorkloadIndex.of(NOON, List.of(claim, claim), Optional.empty(), GpuResources.byForm())
                        .allocations())
                .hasSize(1);
    }

    @Test
    void countsEachResourceOnceForTheWholeNode() throws Exception {
        assertThat(recorded("list-v1.bin").wholeStock())
                .containsOnlyKeys(
                        "example.com/emptytopo",
                        "gke.example/gpu",
                        "nvidia.com/gpu",
                        "nvidia.com/gpu.shared",
                        "nvidia.com/mig-1g.10gb",
                        "rdma/hca")
                .containsEntry("rdma/hca", new Stock(OptionalInt.of(3), 1));
    }

    @Test
    void countsAResourceOnceOfWhichOnlySomeIdsAreGpus() {
        WorkloadIndex index = WorkloadIndex.of(
                NOON,
                List.of(),
                Optional.of(Map.of("acme/any", Set.of(DeviceId.parse("nvidia0"), DeviceId.parse("hca0")))),
                GpuResources.byForm());

        assertThat(index.stock()).containsKey("acme/any");
        assertThat(index.otherStock()).containsKey("acme/any");
        assertThat(index.wholeStock()).containsOnly(Map.entry("acme/any", new Stock(OptionalInt.of(2), 0)));
    }

    @Test
    void knowsWhichGpusTheKubeletHasToGive() throws Exception {
        assertThat(recorded("list-v1.bin").allocatableGpus(WorkloadIndexTest::parent))
                .contains(Set.of(
                        GPU + "0",
                        GPU + "1",
                        GPU + "2",
                        GPU + "3",
                        GPU + "4",
                        GPU + "5", // whole, and not the ill one
                        GPU + "7", // in replicas
                        "parent of " + MIG + "1",
                        "parent of " + MIG + "2"));
    }

    @Test
    void saysThatNoGpuIsToBeGivenOnceThePluginOfHeldOnesIsGone() {
        Allocation held =
                new Allocation(new Workload("ns", "pod", "main"), "nvidia.com/gpu", new DeviceId.Gpu(GPU + "0"));
        assertThat(allocatableGpus(Optional.of(Map.of()), held)).contains(Set.of());
    }

    @Test
    void doesNotSayWhichGpusAreToBeGivenWhereNobodySaysIt() {
        Optional<Map<String, Set<DeviceId>>> others = Optional.of(Map.of("rdma/hca", Set.of(DeviceId.parse("hca0"))));

        assertThat(allocatableGpus(Optional.empty())).isEmpty();
        assertThat(allocatableGpus(others)).isEmpty();
        assertThat(allocatableGpus(others, claim("pod-a", "gpu.nvidia.com"))).isEmpty();
    }

    private static Optional<Set<String>> allocatableGpus(
            Optional<Map<String, Set<DeviceId>>> allocatable, Allocation... held) {
        return WorkloadIndex.of(NOON, List.of(held), allocatable, GpuResources.byForm())
                .allocatableGpus(WorkloadIndexTest::parent);
    }

    private static Optional<String> parent(DeviceId id) {
        if (id instanceof DeviceId.Gpu gpu) {
            return Optional.of(gpu.uuid());
        }
        return id instanceof DeviceId.Mig mig ? Optional.of("parent of " + mig.uuid()) : Optional.empty();
    }

    private static Allocation claim(String pod, String driver) {
        return new Allocation(
                new Workload("ns", pod, "main"),
                driver,
                new DeviceId.Claimed(driver, "node-a", "gpu-0", Optional.empty()));
    }

    private static WorkloadIndex recorded(String list) {
        return WorkloadIndex.of(
                NOON,
                ListedDevices.V1.parse(Recordings.open(list)).allocations(),
                Optional.of(ListedDevices.ALLOCATABLE
                        .parse(Recordings.open("allocatable-v1.bin"))
                        .byResource()),
                GpuResources.byForm());
    }

    private static List<String> lines(List<Allocation> allocations) {
        return allocations.stream()
                .map(one -> one.workload().namespace() + "/" + one.workload().pod() + "/"
                        + one.workload().container() + " " + one.resource() + " "
                        + one.device().raw())
                .toList();
    }
}
