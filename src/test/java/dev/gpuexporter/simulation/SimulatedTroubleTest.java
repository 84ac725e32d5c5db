package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.nvml.NvmlConstants;
import dev.gpuexporter.simulation.SimulatedKubelet.OfferedDevice;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedTroubleTest {
    private static final Duration BEFORE = Duration.ofMinutes(9);
    private static final Duration WELL_WITHIN = Duration.ofMinutes(11);

    private final Caller links = Caller.ofFile("troubled-links");

    @Test
    void aGpuThatGetsTooHotSlowsDown() {
        links.pass(BEFORE);
        SimulatedGpu gpu = links.node.gpus().get(1);
        int clock = gpu.state().clocks().graphics();
        assertThat(gpu.state().clocksEventReasons()).isZero();
        links.pass(WELL_WITHIN);
        assertThat(gpu.state().temperatureCelsius()).isBetween(89.0, 92.0);
        assertThat(gpu.state().clocksEventReasons()).isEqualTo(0x20);
        assertThat(gpu.state().clocks().graphics()).isLessThan(clock);
        assertThat(gpu.state().counters().thermalNanos()).isBetween(400_000_000_000L, 600_000_000_000L);
        assertThat(links.node.gpus().get(0).state().counters().thermalNanos()).isZero();
    }

    @Test
    void aBoardBrakesItsGpu() {
        links.pass(BEFORE);
        SimulatedGpu gpu = links.node.gpus().get(2);
        assertThat(gpu.state().counters().powerBrakeNanos()).isZero();
        links.pass(WELL_WITHIN);
        assertThat(gpu.state().clocksEventReasons()).isEqualTo(0x88);
        assertThat(gpu.state().counters().powerBrakeNanos()).isBetween(599_000_000_000L, 601_000_000_000L);
    }

    @Test
    void aPcieLinkComesUpWithLessThanItCan() {
        links.pass(BEFORE);
        assertThat(pcie(links, 3)).containsExactly(5L, 5L, 16L, 16L);
        links.pass(WELL_WITHIN);
        assertThat(pcie(links, 3)).containsExactly(4L, 5L, 8L, 16L);
        assertThat(pcie(links, 0)).containsExactly(5L, 5L, 16L, 16L);
    }

    private static List<Long> pcie(Caller caller, int gpu) {
        return List.of(
                caller.u32(gpu, caller.nvml::nvmlDeviceGetCurrPcieLinkGeneration),
                caller.u32(gpu, caller.nvml::nvmlDeviceGetMaxPcieLinkGeneration),
                caller.u32(gpu, caller.nvml::nvmlDeviceGetCurrPcieLinkWidth),
                caller.u32(gpu, caller.nvml::nvmlDeviceGetMaxPcieLinkWidth));
    }

    @Test
    void theDriverTellsTheTimeThatHeatTook() {
        links.pass(BEFORE.plus(WELL_WITHIN));
        assertThat(links.fieldValue(1, NvmlConstants.NVML_FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN))
                .isEqualTo(links.node.gpus().get(1).state().counters().thermalNanos())
                .isPositive();
    }

    @Test
    void aDevicePluginKeepsAGpuBackThatTheDriverAnswersFor() {
        Caller caller = Caller.ofFile("troubled-node");
        SimulatedKubelet kubelet = new SimulatedKubelet(caller.node);
        String uuid = caller.text(1, caller.nvml::nvmlDeviceGetUUID);
        assertThat(kubelet.offeredDevices()).extracting(OfferedDevice::deviceId).contains(uuid);
        caller.pass(Duration.ofHours(1));
        assertThat(kubelet.offeredDevices()).extracting(OfferedDevice::deviceId).doesNotContain(uuid);
        assertThat(caller.text(1, caller.nvml::nvmlDeviceGetUUID)).isEqualTo(uuid);
    }

    @Test
    void aKubeletStopsToAnswerForAWhile() {
        Caller caller = Caller.ofFile("troubled-node");
        SimulatedKubelet kubelet = new SimulatedKubelet(caller.node);
        assertThat(kubelet.answers()).isTrue();
        caller.pass(Duration.ofHours(5));
        assertThat(kubelet.answers()).isFalse();
        caller.pass(Duration.ofHours(1));
        assertThat(kubelet.answers()).isTrue();
    }
}
