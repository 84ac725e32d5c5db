package dev.gpuexporter.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.collection.DeviceHistory;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.DraDevices;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.testing.Identity;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceResolverTest {
    private static final String FIRST = "GPU-aaaaaaaa-0000-4000-8000-000000000000";
    private static final String SECOND = "GPU-bbbbbbbb-0000-4000-8000-000000000000";
    private static final String MIG_UUID = "MIG-cccccccc-0000-5000-8000-00000000000";

    /** A GPU without parts whose device file is nvidia3, and one in parts whose device file is nvidia0. */
    private final DeviceResolver resolver = new DeviceResolver(
            List.of(
                    gpu(0, FIRST, "3", List.of()),
                    gpu(
                            1,
                            SECOND,
                            "0",
                            List.of(
                                    new MigPart(0, MIG_UUID + 0, "1c.3g.40gb", 1, 0),
                                    new MigPart(1, MIG_UUID + 1, "2c.3g.40gb", 1, 1),
                                    new MigPart(3, MIG_UUID + 3, "2g.20gb", 5, 0),
                                    new MigPart(4, MIG_UUID + 4, "1g.10gb", 13, 0)))),
            DraDevices.NONE);

    private static DeviceReading gpu(int index, String uuid, String minor, List<MigPart> parts) {
        DeviceIdentity identity = Identity.of(index, uuid, "NVIDIA H100 80GB HBM3", "", minor);
        return new DeviceReading(
                index,
                Optional.of(identity),
                Optional.empty(),
                Optional.empty(),
                parts,
                List.of(),
                Optional.empty(),
                DeviceHistory.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "MIG-cccccccc-0000-5000-8000-000000000003, 3",
        "MIG-cccccccc-0000-5000-8000-000000000004::2, 4",
        "MIG-GPU-bbbbbbbb-0000-4000-8000-000000000000/1/1, 1",
        "MIG-GPU-bbbbbbbb-0000-4000-8000-000000000000/13/0::0, 4",
        "nvidia0/gi5, 3",
        "nvidia0/gi13/vgpu2, 4",
        "1:3, 3",
        "1:4::1, 4",
    })
    void knowsAMigDeviceByEveryNameThatAPluginHasForIt(String id, int number) {
        assertThat(resolver.uuids(DeviceId.parse(id))).containsExactly(MIG_UUID + number);
    }

    @ParameterizedTest
    @CsvSource({
        "GPU-bbbbbbbb-0000-4000-8000-000000000000, bbbbbbbb",
        "nvidia0, bbbbbbbb",
        "nvidia3, aaaaaaaa",
        "0, aaaaaaaa",
        "1::0, bbbbbbbb"
    })
    void aGpuIsTheGpuWhateverItsParts(String id, String uuid) {
        assertThat(resolver.uuids(DeviceId.parse(id))).containsExactly("GPU-" + uuid + "-0000-4000-8000-000000000000");
    }

    @ParameterizedTest
    @CsvSource({
        "MIG-cccccccc-0000-5000-8000-000000000009",
        "MIG-GPU-bbbbbbbb-0000-4000-8000-000000000000/2/0",
        "MIG-GPU-dddddddd-0000-4000-8000-000000000000/1/0",
        "nvidia0/gi7",
        "nvidia3/gi1",
        "1:2",
        "7:0",
        "nvidia9",
    })
    void whatIsNotThereIsNobodys(String id) {
        assertThat(resolver.uuids(DeviceId.parse(id))).isEmpty();
    }

    @Test
    void aGpuInstanceIsAllThatIsInIt() {
        assertThat(resolver.uuids(DeviceId.parse("nvidia0/gi1"))).containsExactly(MIG_UUID + 0, MIG_UUID + 1);
    }

    @ParameterizedTest
    @CsvSource({"gpu-0-mig-2g20gb-14-4, 3", "gpu-0-mig-1g.10gb-19-6, 4", "gpu-0-mig-14-4-2, 3"})
    void aClaimSaysWhereItsDeviceLies(String device, int number) {
        assertThat(resolver.uuids(claim(device))).containsExactly(MIG_UUID + number);
    }

    @ParameterizedTest
    @CsvSource({"gpu-0-mig-1g.20gb-15-4", "gpu-0-mig-2g20gb-14-2", "gpu-3-mig-2g20gb-14-4", "gpu-0-mig-7g80gb-0-0"})
    void aClaimOfWhatWasThereBeforeIsNobodys(String device) {
        assertThat(resolver.uuids(claim(device))).isEmpty();
    }

    @Test
    void aClaimOfAWholeGpuIsItsMinorNumber() {
        assertThat(resolver.uuids(claim("gpu-3"))).containsExactly(FIRST);
        assertThat(resolver.uuids(claim("gpu-0"))).containsExactly(SECOND);
    }

    private static DeviceId claim(String device) {
        return new DeviceId.Claimed(DeviceId.Claimed.GPU_DRIVER, "node-1", device, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "7g.80gb, 0, 0, 0", "4g.40gb, 1, 0, 5", "3g.40gb, 2, 4, 9", "2g.20gb, 3, 0, 14", "2g.20gb, 5, 4, 14",
        "1g.20gb, 6, 6, 15", "1g.10gb, 7, 0, 19", "1g.10gb, 13, 6, 19", "1g.10gb+me, 8, 1, 20", "1c.3g.40gb, 1, 0, 9",
    })
    void aPlaceIsToldByIdAndProfile(String profile, int gpuInstance, int start, int profileId) {
        MigPlacement placement = MigPlacement.of(new MigPart(0, "MIG-", profile, gpuInstance, 0));
        assertThat(placement.start()).isEqualTo(start);
        assertThat(placement.profileId()).hasValue(profileId);
    }
}
