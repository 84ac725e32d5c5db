package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.kubernetes.DeviceId.Claimed;
import dev.gpuexporter.kubernetes.DeviceId.Gpu;
import dev.gpuexporter.kubernetes.DeviceId.Index;
import dev.gpuexporter.kubernetes.DeviceId.LegacyMig;
import dev.gpuexporter.kubernetes.DeviceId.Mig;
import dev.gpuexporter.kubernetes.DeviceId.Minor;
import dev.gpuexporter.kubernetes.DeviceId.Replica;
import dev.gpuexporter.kubernetes.DeviceId.Unknown;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceIdTest {
    private static final String GPU = "GPU-12345678-1234-1234-1234-12345678000a";
    private static final String MIG = "MIG-aaaaaaaa-1111-2222-3333-000000000001";
    private static final OptionalInt NONE = OptionalInt.empty();

    @Test
    void knowsAGpuAndAMigDeviceByTheirUuids() {
        assertThat(DeviceId.parse(GPU)).isEqualTo(new Gpu(GPU));
        assertThat(DeviceId.parse(MIG)).isEqualTo(new Mig(MIG));
    }

    @Test
    void knowsReplicasOfEitherAndWhatTheyAreReplicasOf() {
        assertThat(DeviceId.parse(GPU + "::0")).isEqualTo(new Replica(new Gpu(GPU), 0));
        assertThat(DeviceId.parse(MIG + "::12")).isEqualTo(new Replica(new Mig(MIG), 12));
        assertThat(DeviceId.parse(GPU + "::3").whole()).isEqualTo(new Gpu(GPU));
        assertThat(DeviceId.parse(GPU + "::3").shared()).isTrue();
    }

    @Test
    void knowsTheMigDevicesOfDriversBefore470() {
        assertThat(DeviceId.parse("MIG-" + GPU + "/7/0")).isEqualTo(new LegacyMig(GPU, 7, 0));
        assertThat(DeviceId.parse("MIG-" + GPU + "/7/0::1")).isEqualTo(new Replica(new LegacyMig(GPU, 7, 0), 1));
    }

    @Test
    void knowsTheMinorNumbersOfGke() {
        assertThat(DeviceId.parse("nvidia0")).isEqualTo(new Minor(0, NONE, NONE));
        assertThat(DeviceId.parse("nvidia0/gi1")).isEqualTo(new Minor(0, OptionalInt.of(1), NONE));
        assertThat(DeviceId.parse("nvidia7/vgpu2")).isEqualTo(new Minor(7, NONE, OptionalInt.of(2)));
        assertThat(DeviceId.parse("nvidia1/gi3/vgpu0")).isEqualTo(new Minor(1, OptionalInt.of(3), OptionalInt.of(0)));
        assertThat(DeviceId.parse("nvidia1/gi3/vgpu0").whole()).isEqualTo(DeviceId.parse("nvidia1/gi3"));
        assertThat(DeviceId.parse("nvidia1/gi3").shared()).isFalse();
        assertThat(DeviceId.parse("nvidia1/gi3/vgpu0").shared()).isTrue();
    }

    @Test
    void knowsIndicesButTakesThemForNoProof() {
        assertThat(DeviceId.parse("3")).isEqualTo(new Index(3, NONE));
        assertThat(DeviceId.parse("3:1")).isEqualTo(new Index(3, OptionalInt.of(1)));
        assertThat(DeviceId.parse("3").provesNvidia()).isFalse();
        assertThat(DeviceId.parse("3::0").provesNvidia()).isFalse();
        assertThat(DeviceId.parse("nvidia3").provesNvidia()).isTrue();
        assertThat(DeviceId.parse(GPU + "::0").provesNvidia()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GPU-",
                "GPU-12345678-1234-1234-1234-12345678000",
                "GPU-12345678-1234-1234-1234-12345678000a-0",
                "gpu-12345678-1234-1234-1234-12345678000a",
                "MIG-GPU-12345678-1234-1234-1234-12345678000a/7",
                "MIG-GPU-12345678-1234-1234-1234-12345678000a/07/0",
                "nvidia",
                "nvidia01",
                "nvidia0/gi",
                "nvidia0/vgpu1/gi1",
                "nvidiactl",
                "01",
                "-1",
                "1:",
                "9999999999",
                "99999999999999999999999999::1",
                "::",
                "::1",
                "hca0::1",
                "GPU-12345678-1234-1234-1234-12345678000a::",
                "GPU-12345678-1234-1234-1234-12345678000a::1::2",
                "GPU-12345678-1234-1234-1234-12345678000a\n",
                "nvidia0/vgpu1::1",
                "0000:17:00.0",
                "hca0"
            })
    void leavesWhatHasNoKnownFormUnknownAndAsItIs(String id) {
        assertThat(DeviceId.parse(id)).isEqualTo(new Unknown(id));
        assertThat(DeviceId.parse(id).raw()).isEqualTo(id);
    }

    @Test
    void isNotBroughtDownByALongId() {
        String replicas = "::1".repeat(1_000_000);
        assertThat(DeviceId.parse(replicas)).isEqualTo(new Unknown(replicas));
        assertThat(claimed("gpu-0-mig-" + "1g-".repeat(1_000_000)).placement()).isEmpty();
    }

    @Test
    void readsThePlaceOfADraDeviceFromItsName() {
        assertThat(claimed("gpu-3").placement()).contains(new DraPlacement(3, Optional.empty()));
        assertThat(claimed("gpu-0-mig-1g10gb-19-4").placement()).contains(part(0, 19, 4));
        assertThat(claimed("gpu-0-mig-1g.10gb-19-4").placement()).contains(part(0, 19, 4));
        assertThat(claimed("gpu-2-mig-1g5gb-me-20-0").placement()).contains(part(2, 20, 0));
        assertThat(claimed("gpu-2-mig-1c3g20gb-9-0").placement()).contains(part(2, 9, 0));
    }

    @Test
    void readsTheOlderNamesOfDraMigDevicesWithTheirSize() {
        assertThat(claimed("gpu-1-mig-19-4-1").placement()).contains(part(1, 19, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu-", "gpu-x", "gpu-1-mig", "gpu-1-mig-19-4", "gpu-1-vfio", "imex-channel-0"})
    void doesNotGuessWhereOtherDraDevicesLie(String device) {
        assertThat(claimed(device).placement()).isEmpty();
    }

    @Test
    void takesNothingFromTheNamesOfAnotherDraDriver() {
        Claimed other = new Claimed("gpu.amd.com", "node-a", "gpu-3", Optional.empty());
        assertThat(other.placement()).isEmpty();
        assertThat(other.provesNvidia()).isFalse();
    }

    @Test
    void keepsTheSharesOfADraDeviceApart() {
        Claimed share = new Claimed("gpu.nvidia.com", "node-a", "gpu-3", Optional.of("s1"));
        assertThat(share.shared()).isTrue();
        assertThat(share.whole()).isEqualTo(claimed("gpu-3"));
        assertThat(share.raw()).isEqualTo("gpu.nvidia.com/node-a/gpu-3/s1");
    }

    private static Claimed claimed(String device) {
        return new Claimed("gpu.nvidia.com", "node-a", device, Optional.empty());
    }

    private static DraPlacement part(int minor, int profile, int start) {
        return new DraPlacement(minor, Optional.of(new DraPlacement.Part(profile, start)));
    }
}
