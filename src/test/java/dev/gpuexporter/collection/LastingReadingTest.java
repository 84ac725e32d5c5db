package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.testing.InterceptedCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What stays the same as long as a GPU is what it is. */
class LastingReadingTest {
    private static final List<String> LASTING = List.of(
            "nvmlDeviceGetMaxClockInfo(",
            "nvmlDeviceGetMaxPcieLinkGeneration(",
            "nvmlDeviceGetMaxPcieLinkWidth(",
            "nvmlDeviceGetPowerManagementDefaultLimit(",
            "nvmlDeviceGetPowerManagementLimitConstraints(",
            "nvmlDeviceGetSupportedClocksEventReasons(",
            "nvmlDeviceGetTemperatureThreshold(",
            "nvmlDeviceGetBoardPartNumber(");

    private final CountedNvml calls = new CountedNvml();

    private void areAskedFor() {
        List<String> asked = calls.take();
        assertThat(LASTING).allSatisfy(function -> assertThat(asked).anyMatch(call -> call.startsWith(function)));
    }

    private void areNotAskedFor() {
        assertThat(calls.take()).isNotEmpty().noneMatch(call -> LASTING.stream().anyMatch(call::startsWith));
    }

    private static void areTold(DeviceReading t4) {
        assertThat(t4.value("gpu_clock_max_hertz", "sm")).hasValue(1590e6);
        assertThat(t4.value("gpu_power_limit_watts", "maximum")).hasValue(70);
        assertThat(t4.value("gpu_temperature_threshold_celsius", "shutdown")).hasValue(96);
        assertThat(t4.value("gpu_pcie_link_generation_max")).hasValue(3);
    }

    @Test
    void isAskedForOnceAndToldInEachPoll() throws Exception {
        ReadNode node = ReadNode.of(PolledNode.scenario("t4"), calls::in);
        areTold(node.read(0));
        areAskedFor();
        for (int poll = 0; poll < 3; poll++) {
            areTold(node.after(Duration.ofSeconds(5), 0));
            areNotAskedFor();
        }
    }

    @Test
    void isAskedForAgainWhereTheGpuWasFoundAnew() throws Exception {
        ReadNode node = ReadNode.of(PolledNode.scenario("t4"), calls::in);
        node.read(0);
        node.release(0);
        calls.take();
        areTold(node.after(Duration.ofSeconds(5), 0));
        areAskedFor();
    }

    @Test
    void isAskedForAgainWhereTheGpuWasCutAnew() throws Exception {
        ReadNode node = ReadNode.of(PolledNode.scenario("mig-reconfigured"), calls::in);
        node.read(0);
        node.after(Duration.ofSeconds(61), 0);
        calls.take();
        assertThat(node.after(Duration.ofSeconds(1), 0).value("gpu_clock_max_hertz", "sm"))
                .hasValue(1980e6);
        assertThat(calls.take()).anyMatch(call -> call.startsWith("nvmlDeviceGetMaxClockInfo("));
    }

    @Test
    void isAskedForAgainUntilItWasTold() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        ReadNode node = ReadNode.of(
                PolledNode.scenario("t4"),
                library -> calls.in(failing("nvmlDeviceGetMaxClockInfo", failures, library)));
        for (int poll = 0; poll < 2; poll++) {
            assertThat(node.after(Duration.ofSeconds(5), 0).value("gpu_clock_max_hertz", "sm"))
                    .isEmpty();
        }
        areTold(node.after(Duration.ofSeconds(5), 0));
    }

    private static NvmlLibrary failing(String function, AtomicInteger times, NvmlLibrary library) {
        return InterceptedCall.intercepted(call ->
                call.isOf(function) && times.getAndDecrement() > 0 ? NvmlReturn.UNKNOWN.code() : call.on(library));
    }
}
