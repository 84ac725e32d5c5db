package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.doctor.Finding.Level;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModesCheckTest {
    @Test
    void warnsWherePersistenceModeIsOff() {
        List<Finding> findings = check("gpu_persistence_mode_enabled", 1, 0).persistence();
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).level()).isEqualTo(Level.WARN);
        assertThat(findings.get(0).text()).startsWith("off on GPU 1: ");
        assertThat(findings.get(0).remedy()).isEqualTo("run nvidia-persistenced on the node");
        assertThat(check("gpu_persistence_mode_enabled", 1, 1).persistence())
                .containsExactly(Finding.ok("persistence", "on"));
    }

    @Test
    void saysNothingOfModesThatAGpuDoesNotHave() {
        ModesCheck check = check("gpu_performance_state", 0, 0);
        assertThat(check.persistence()).isEmpty();
        assertThat(check.mig(Set.of())).isEmpty();
    }

    @Test
    void warnsOfAGpuInMigModeThatIsNotCutUp() {
        List<Finding> findings = check("gpu_mig_enabled", 0, 1).mig(Set.of());
        assertThat(findings).extracting(Finding::level).containsExactly(Level.OK, Level.WARN);
        assertThat(findings.get(0).text()).isEqualTo("on for GPU 1: 0 MIG devices");
        assertThat(findings.get(1).text()).isEqualTo("GPU 1 is in MIG mode and not cut up: nothing can run on it");
        assertThat(findings.get(1).remedy()).contains("nvidia-smi mig -i 1 -cgi");
    }

    @Test
    void warnsOfAModeThatWaitsForAReset() {
        List<Finding> findings = check("gpu_mig_enabled", 0, 0).mig(Set.of(1));
        assertThat(findings).extracting(Finding::level).containsExactly(Level.OK, Level.WARN);
        assertThat(findings.get(1).text()).isEqualTo("GPU 1 will be in MIG mode after a reset");
        assertThat(findings.get(1).remedy()).contains("nvidia-smi --gpu-reset -i 1");
    }

    private static ModesCheck check(String name, double first, double second) {
        GpuMetric metric = MetricCatalog.all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        return new ModesCheck(new Snapshot(
                Instant.EPOCH,
                Duration.ZERO,
                Optional.empty(),
                List.of(gpu(0, metric, first), gpu(1, metric, second))));
    }

    private static DeviceReading gpu(int index, GpuMetric metric, double value) {
        return new DeviceReading(
                index,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new Sample(metric, List.of(), value)));
    }
}
