package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodCgroupTest {
    private static final String UID = "72e522f4-0b55-4fe4-9fde-eee190106199";
    private static final String SLICE_UID = "72e522f4_0b55_4fe4_9fde_eee190106199";
    private static final String STATIC_UID = "0b1f2c3d4e5f60718293a4b5c6d7e8f9";
    private static final String ID = "228e6c286db95edaf54efbffee8502aa470ef5c7ecca947bb6e275e0648ecd42";
    private static final String OTHER_ID = "1361f2596776d9c0e247b6fc431ca83b7c7a7516bedb00b6f817bbd4049fcb4a";

    static Stream<String> pathsOfOnePod() {
        return Stream.of(
                        "/kubepods/besteffort/pod<uid>/<id>",
                        "/kubepods/burstable/pod<uid>/<id>",
                        "/kubepods/pod<uid>/<id>",
                        "/kubepods.slice/kubepods-pod<slice>.slice/cri-containerd-<id>.scope",
                        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod<slice>.slice/cri-containerd-<id>.scope",
                        "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod<slice>.slice/docker-<id>.scope",
                        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod<slice>.slice/crio-<id>.scope",
                        // CRI-O beside crun
                        "/kubepods.slice/kubepods-pod<slice>.slice/crio-<id>.scope/container",
                        "/kubepods/besteffort/pod<uid>/crio-<id>",
                        // the kubelet says systemd, the runtime cgroupfs
                        "/system.slice/containerd.service/kubepods-burstable-pod<slice>.slice:cri-containerd:<id>",
                        "/kubepods-pod<slice>.slice:cri-containerd:<id>",
                        // kind
                        "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice"
                                + "/kubelet-kubepods-besteffort-pod<slice>.slice/cri-containerd-<id>.scope",
                        "/kubelet/kubepods/besteffort/pod<uid>/<id>",
                        // seen from another cgroup namespace
                        "/../../kubepods-besteffort.slice/kubepods-besteffort-pod<slice>.slice/cri-containerd-<id>.scope",
                        "/../../kubepods-burstable-pod<slice>.slice/cri-containerd-<id>.scope",
                        "/../../pod<uid>/<id>",
                        // a root cgroup of somebody's own
                        "/batch.slice/batch-kubepods.slice/batch-kubepods-pod<slice>.slice/crio-<id>.scope",
                        "/anything/else/pod<uid>/<id>",
                        // systemd in the container, and a container in the container
                        "/kubepods.slice/kubepods-pod<slice>.slice/cri-containerd-<id>.scope/init.scope",
                        "/kubepods/burstable/pod<uid>/<id>/docker/" + OTHER_ID,
                        // the container is gone, the process nearly
                        "/kubepods/burstable/pod<uid>/<id> (deleted)")
                .map(path ->
                        path.replace("<uid>", UID).replace("<slice>", SLICE_UID).replace("<id>", ID));
    }

    @ParameterizedTest
    @MethodSource("pathsOfOnePod")
    void findsPodAndContainerInEveryLayout(String path) {
        PodCgroup expected = new PodCgroup(UID, ID);

        assertThat(PodCgroup.parse("0::" + path + "\n")).contains(expected);
        assertThat(PodCgroup.parse("12:cpu,cpuacct:" + path + "\n1:name=systemd:" + path + "\n0::/\n"))
                .contains(expected);
    }

    @Test
    void readsWhatARealNodeWithVersion1Shows() {
        String path = "/kubepods/besteffort/pod72e522f4-0b55-4fe4-9fde-eee190106199/"
                + "228e6c286db95edaf54efbffee8502aa470ef5c7ecca947bb6e275e0648ecd42";
        String file = Stream.of("9:name=systemd", "8:pids", "7:blkio", "6:freezer", "5:devices", "4:memory", "3:cpuset")
                .map(controller -> controller + ":" + path + "\n")
                .reduce("", String::concat);

        assertThat(PodCgroup.parse(file + "0::" + path + "\n")).contains(new PodCgroup(UID, ID));
    }

    @Test
    void knowsStaticPodsByTheirHashes() {
        assertThat(PodCgroup.parse("0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + STATIC_UID
                        + ".slice/cri-containerd-" + ID + ".scope"))
                .contains(new PodCgroup(STATIC_UID, ID));
        assertThat(PodCgroup.parse("0::/kubepods/burstable/pod" + STATIC_UID + "/" + ID))
                .contains(new PodCgroup(STATIC_UID, ID));
    }

    @Test
    void takesTheInnermostPodWhereTheNodeItselfRunsInOne() {
        assertThat(PodCgroup.parse("0::/kubepods/pod" + STATIC_UID + "/" + OTHER_ID
                        + "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" + SLICE_UID
                        + ".slice/cri-containerd-" + ID + ".scope"))
                .contains(new PodCgroup(UID, ID));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "0::/",
                "0::",
                "::",
                "no colons",
                "0::/system.slice/kubelet.service",
                "0::/system.slice/docker-228e6c286db95edaf54efbffee8502aa470ef5c7ecca947bb6e275e0648ecd42.scope",
                "0::/kubepods/burstable/pod72e522f4-0b55-4fe4-9fde-eee190106199",
                "0::/kubepods/burstable/pod72e522f4-0b55-4fe4-9fde-eee190106199/228e6c28",
                "0::/kubepods/burstable/pod72e522f4/228e6c286db95edaf54efbffee8502aa470ef5c7ecca947bb6e275e0648ecd42",
                "0::/kubepods.slice/kubepods-pod72e522f4_0b55_4fe4_9fde_eee190106199.slice/"
                        + "crio-conmon-228e6c286db95edaf54efbffee8502aa470ef5c7ecca947bb6e275e0648ecd42.scope",
                "0::/kubepods/pod72e522f4-0b55-4fe4-9fde-eee190106199/"
                        + "crio-conmon-228e6c286db95edaf54efbffee8502aa470ef5c7ecca947bb6e275e0648ecd42"
            })
    void seesNoContainerInAnythingElse(String file) {
        assertThat(PodCgroup.parse(file)).isEmpty();
    }

    @Test
    void doesNotChooseBetweenTwoContainers() {
        assertThat(PodCgroup.parse(
                        "2:cpu:/kubepods/pod" + UID + "/" + ID + "\n1:memory:/kubepods/pod" + UID + "/" + OTHER_ID))
                .isEmpty();
    }

    @Test
    void doesNotTakeCapitalsForHexadecimal() {
        assertThat(PodCgroup.parse("0::/kubepods/pod" + UID + "/" + ID.toUpperCase(Locale.ROOT)))
                .isEmpty();
    }
}
