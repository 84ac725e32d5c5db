package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpuexporter.nvml.CutGpu.Part;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MigDevicesTest {
    private static final Part SMALL = new Part("MIG-a", "1g.10gb", 13, 0);
    private static final Part LARGE = new Part("MIG-b", "3g.40gb", 1, 0);
    private static final Part OTHER = new Part("MIG-c", "2g.20gb", 5, 0);

    private final CutGpu gpu = new CutGpu();
    private final NvmlLibrary nvml = gpu.library();
    private final DeviceCalls calls = new DeviceCalls(CutGpu.HANDLE);
    private final MigDevices devices = new MigDevices(nvml, calls, new Gpm(nvml, CutGpu.HANDLE, () -> 0));

    private List<MigDevice> poll() throws NvmlException {
        calls.questions().beginPoll();
        return devices.find(true).devices();
    }

    private List<MigIdentity> identities() throws NvmlException {
        return poll().stream().map(MigDevice::identity).toList();
    }

    @Test
    void callsNothingWhereMigIsOff() throws NvmlException {
        gpu.parts.put(0, SMALL);
        assertThat(devices.find(false).devices()).isEmpty();
        assertThat(gpu.calls).isEmpty();
    }

    @Test
    void findsDevicesBehindGaps() throws NvmlException {
        gpu.parts.put(1, SMALL);
        gpu.parts.put(6, LARGE);
        assertThat(identities())
                .containsExactly(
                        new MigIdentity(1, "MIG-a", "1g.10gb", 13, 0), new MigIdentity(6, "MIG-b", "3g.40gb", 1, 0));
    }

    @Test
    void readsWhoADeviceIsOnce() throws NvmlException {
        gpu.parts.put(0, SMALL);
        MigDevice first = poll().get(0);
        gpu.calls.clear();
        assertThat(poll().get(0)).isSameAs(first);
        assertThat(gpu.calls).doesNotContain("nvmlDeviceGetGpuInstanceId", "nvmlDeviceGetAttributes_v2");
        assertThat(Collections.frequency(gpu.calls, "nvmlDeviceGetMigDeviceHandleByIndex"))
                .isEqualTo(7);
        assertThat(Collections.frequency(gpu.calls, "nvmlDeviceGetUUID")).isEqualTo(1);
        assertThat(first.attributes())
                .hasValueSatisfying(it -> assertThat(it.multiprocessors()).isEqualTo(16));
    }

    @Test
    void takesAHandleForTheDeviceThatHasItNow() throws NvmlException {
        gpu.parts.put(0, LARGE);
        poll();
        gpu.parts.put(0, SMALL);
        assertThat(identities()).containsExactly(new MigIdentity(0, "MIG-a", "1g.10gb", 13, 0));
    }

    @Test
    void knowsADeviceAgainUnderAnotherIndex() throws NvmlException {
        gpu.parts.put(0, LARGE);
        gpu.parts.put(3, SMALL);
        MigDevice small = poll().get(1);
        gpu.parts.remove(0);
        gpu.parts.remove(3);
        gpu.parts.put(2, SMALL);
        assertThat(poll()).containsExactly(small);
        assertThat(small.identity().index()).isEqualTo(2);
        assertThat(devices.isStill(small)).isTrue();
    }

    @Test
    void tellsANewProfileFromTheOldUnderTheSameUuid() throws NvmlException {
        gpu.parts.put(0, LARGE);
        MigDevice old = poll().get(0);
        gpu.parts.put(0, new Part("MIG-b", "4g.40gb", 1, 0));
        MigDevice changed = poll().get(0);
        assertThat(changed).isNotSameAs(old);
        assertThat(changed.identity().profile()).isEqualTo("4g.40gb");
    }

    @Test
    void leavesOutADeviceThatBecomesAnotherWhileItIsAskedWhoItIs() throws NvmlException {
        for (String function :
                List.of("nvmlDeviceGetName", "nvmlDeviceGetGpuInstanceId", "nvmlDeviceGetAttributes_v2")) {
            gpu.parts.put(0, LARGE);
            gpu.meanwhile.put(function, () -> gpu.parts.put(0, SMALL));
            assertThat(identities()).as(function).isEmpty();
            assertThat(identities()).as(function).containsExactly(new MigIdentity(0, "MIG-a", "1g.10gb", 13, 0));
            gpu.parts.clear();
            assertThat(identities()).isEmpty();
        }
    }

    @Test
    void seesThatAHandleIsAnothersByNow() throws NvmlException {
        gpu.parts.put(0, LARGE);
        gpu.parts.put(1, SMALL);
        List<MigDevice> found = poll();
        gpu.parts.put(0, OTHER);
        gpu.parts.remove(1);
        assertThat(devices.isStill(found.get(0))).isFalse();
        assertThat(devices.isStill(found.get(1))).isFalse();
        assertThat(identities()).containsExactly(new MigIdentity(0, "MIG-c", "2g.20gb", 5, 0));
    }

    @Test
    void theComputeInstanceWithTheLowestIdSpeaksForItsGpuInstance() throws NvmlException {
        gpu.parts.put(0, new Part("MIG-1", "2c.3g.40gb", 2, 1));
        gpu.parts.put(1, new Part("MIG-0", "1c.3g.40gb", 2, 0));
        gpu.parts.put(2, SMALL);
        assertThat(poll())
                .filteredOn(MigDevice::isFirstOfGpuInstance)
                .extracting(device -> device.identity().uuid())
                .containsExactly("MIG-0", "MIG-a");
        gpu.parts.remove(1);
        assertThat(poll()).allMatch(MigDevice::isFirstOfGpuInstance);
    }

    @Test
    void whatFailsForOneDeviceIsSaidAndLeavesTheOthers() throws NvmlException {
        gpu.parts.put(0, SMALL);
        poll();
        gpu.parts.put(1, LARGE);
        gpu.failing.put("nvmlDeviceGetComputeInstanceId", NvmlReturn.UNKNOWN);
        calls.questions().beginPoll();
        MigDevices.Found found = devices.find(true);
        assertThat(found.devices())
                .extracting(device -> device.identity().uuid())
                .containsExactly("MIG-a");
        assertThat(found.failures())
                .extracting(Throwable::getMessage)
                .containsExactly("UNKNOWN from nvmlDeviceGetComputeInstanceId");
    }

    @Test
    void aGpuThatIsLostIsLostAsAWhole() {
        gpu.parts.put(0, SMALL);
        gpu.failing.put("nvmlDeviceGetUUID", NvmlReturn.GPU_IS_LOST);
        assertThatThrownBy(this::poll).isInstanceOfSatisfying(NvmlException.class, e -> assertThat(e.code())
                .isEqualTo(NvmlReturn.GPU_IS_LOST));
    }

    @Test
    void aNameOfAnotherFormIsAProfileOfItsOwn() {
        assertThat(MigIdentity.profile("NVIDIA A100-SXM4-40GB MIG 1c.3g.20gb")).isEqualTo("1c.3g.20gb");
        assertThat(MigIdentity.profile("NVIDIA H100 MIG 1g.10gb+me")).isEqualTo("1g.10gb+me");
        assertThat(MigIdentity.profile("NVIDIA X")).isEqualTo("NVIDIA X");
    }
}
