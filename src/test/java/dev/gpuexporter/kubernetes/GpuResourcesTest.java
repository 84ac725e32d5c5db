package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GpuResourcesTest {
    private static final DeviceId GPU = DeviceId.parse("GPU-12345678-1234-1234-1234-123456780000");

    @Test
    void byDefaultTakesNvidiasNamesAndNvidiasIds() {
        GpuResources resources = GpuResources.byForm();

        assertThat(resources.include("nvidia.com/gpu", DeviceId.parse("0"))).isTrue();
        assertThat(resources.include("acme.example/accelerator", GPU)).isTrue();
        assertThat(resources.include("gke.example/gpu", DeviceId.parse("nvidia0/gi1")))
                .isTrue();
        assertThat(resources.include("rdma/hca", DeviceId.parse("hca0"))).isFalse();
        assertThat(resources.include("acme.example/dongle", DeviceId.parse("0")))
                .isFalse();
        assertThat(resources.include("notnvidia.com/gpu", DeviceId.parse("0"))).isFalse();
    }

    @Test
    void takesWhatMatchesAPatternAndNoMore() {
        GpuResources resources = new GpuResources(List.of("acme.example/*", "*/mig-*g.*gb", "plain/gpu"));

        assertThat(resources.include("acme.example/dongle", DeviceId.parse("0")))
                .isTrue();
        assertThat(resources.include("nvidia.com/mig-1g.10gb", GPU)).isTrue();
        assertThat(resources.include("nvidia.com/mig-1g.10gb.me", GPU)).isFalse();
        assertThat(resources.include("plain/gpu", GPU)).isTrue();
        assertThat(resources.include("plain/gpu.shared", GPU)).isFalse();
        assertThat(resources.include("nvidia.com/gpu", GPU)).isFalse();
    }

    @Test
    void doesNotLetThePiecesOfAPatternOverlap() {
        GpuResources resources = new GpuResources(List.of("ab*ba", "x*yy*y"));

        assertThat(resources.include("aba", GPU)).isFalse();
        assertThat(resources.include("abba", GPU)).isTrue();
        assertThat(resources.include("xyy", GPU)).isFalse();
        assertThat(resources.include("xyyy", GPU)).isTrue();
    }

    @Test
    void tellsADraDeviceByItsDriverWhateverThePatterns() {
        DeviceId nvidia = new DeviceId.Claimed("gpu.nvidia.com", "node-a", "gpu-0", Optional.empty());
        DeviceId other = new DeviceId.Claimed("compute-domain.nvidia.com", "node-a", "gpu-0", Optional.empty());

        assertThat(new GpuResources(List.of("nvidia.com/gpu")).include("gpu.nvidia.com", nvidia))
                .isTrue();
        assertThat(new GpuResources(List.of("*")).include("compute-domain.nvidia.com", other))
                .isFalse();
        assertThat(GpuResources.byForm().include("compute-domain.nvidia.com", other))
                .isFalse();
    }
}
