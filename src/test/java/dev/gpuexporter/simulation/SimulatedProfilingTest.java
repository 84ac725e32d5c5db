package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.GpmMetric;
import dev.gpuexporter.nvml.NvmlStructs.GpmMetricsGet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedProfilingTest {
    private final Memory request = new Memory(GpmMetricsGet.LAYOUT.size());

    @ParameterizedTest
    @CsvSource({
        "t4, 0",
        "a10, 0",
        "a100, 0",
        "a100-80, 0",
        "l4, 0",
        "l40s, 0",
        "rtx4090, 0",
        "h100, 1",
        "h200, 1",
        "b200, 1",
        "gb200, 1",
    })
    void isThereFromHopperOn(String model, int supported) {
        Caller caller = Caller.of(model);
        caller.out.setInt(0, 1);
        assertThat(caller.nvml.nvmlGpmQueryDeviceSupport(caller.gpu(0), support(caller)))
                .isZero();
        assertThat(caller.out.getInt(4)).isEqualTo(supported);
        Pointer sample = allocate(caller);
        assertThat(NvmlReturn.of(caller.nvml.nvmlGpmSampleGet(caller.gpu(0), sample)))
                .isEqualTo(supported == 1 ? NvmlReturn.SUCCESS : NvmlReturn.NOT_SUPPORTED);
    }

    private static Pointer support(Caller caller) {
        caller.out.setInt(0, 1);
        return caller.out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"h100", "h200", "b200", "gb200"})
    void noUnitWorksMoreThanTheOneItBelongsTo(String model) {
        Caller caller = Caller.of(model);
        double[] values = between(caller, 0, Duration.ofMinutes(2));
        double engine = values[NVML_GPM_METRIC_GRAPHICS_UTIL];
        // The training on the first GPU keeps it busy for 97 % of the time.
        assertThat(engine).isCloseTo(97, within(1.5));
        assertThat(values[NVML_GPM_METRIC_SM_UTIL]).isLessThan(engine);
        assertThat(values[NVML_GPM_METRIC_SM_OCCUPANCY]).isLessThan(values[NVML_GPM_METRIC_SM_UTIL]);
        assertThat(values[NVML_GPM_METRIC_ANY_TENSOR_UTIL]).isLessThan(values[NVML_GPM_METRIC_SM_UTIL]);
        assertThat(values[NVML_GPM_METRIC_DFMA_TENSOR_UTIL]
                        + values[NVML_GPM_METRIC_HMMA_TENSOR_UTIL]
                        + values[NVML_GPM_METRIC_DMMA_TENSOR_UTIL]
                        + values[NVML_GPM_METRIC_IMMA_TENSOR_UTIL])
                .isCloseTo(values[NVML_GPM_METRIC_ANY_TENSOR_UTIL], within(1e-9));
        assertThat(values[NVML_GPM_METRIC_DRAM_BW_UTIL]).isBetween(10.0, 100.0);
        List<Double> all = new ArrayList<>();
        for (int metric : metrics()) {
            all.add(values[metric]);
        }
        assertThat(all).doesNotHaveDuplicates().allMatch(value -> value > 0);
    }

    @Test
    void anIdleGpuIsExactlyIdleButForItsLink() {
        Caller caller = Caller.of("h200x8");
        double[] values = between(caller, 7, Duration.ofSeconds(10));
        for (int metric = NVML_GPM_METRIC_GRAPHICS_UTIL; metric <= NVML_GPM_METRIC_FP16_UTIL; metric++) {
            assertThat(values[metric]).isZero();
        }
        assertThat(values[NVML_GPM_METRIC_NVLINK_TOTAL_TX_PER_SEC]).isLessThan(1);
        assertThat(values[NVML_GPM_METRIC_PCIE_TX_PER_SEC] * 1048576).isBetween(300e3, 600e3);
    }

    @Test
    void samplesThatAreTooCloseAreNoNumber() {
        Caller caller = Caller.of("h200");
        assertThat(between(caller, 0, Duration.ofMillis(99))[NVML_GPM_METRIC_SM_UTIL])
                .isNaN();
        assertThat(between(caller, 0, Duration.ofMillis(100))[NVML_GPM_METRIC_SM_UTIL])
                .isFinite();
    }

    /** Wherever the samples lie between two steps of the simulation: what is counted in steps lasts as long as they do. */
    @ParameterizedTest
    @CsvSource({"90, 520", "90, 511", "99, 102", "1, 198", "50, 1049"})
    void noUnitWorksLongerThanTheTimeBetweenTwoSamples(long start, long millis) {
        Caller caller = Caller.of("h200x8");
        caller.pass(Duration.ofMillis(start));
        double[] values = between(caller, 0, Duration.ofMillis(millis));
        assertThat(values[NVML_GPM_METRIC_GRAPHICS_UTIL]).isBetween(90.0, 100.0);
        assertThat(values[NVML_GPM_METRIC_DRAM_BW_UTIL]).isBetween(10.0, 100.0);
    }

    @Test
    void aGpuInstanceHasWhatItsPodsDo() {
        Caller caller = Caller.ofFile("mig-h100");
        Pointer gpu = caller.gpu(0);
        assertThat(caller.nvml.nvmlGpmSampleGet(gpu, allocate(caller))).isEqualTo(NvmlReturn.NOT_SUPPORTED.code());
        // 1g with a pod at 50 %, 2g with none, 3g with one at 80 %.
        assertThat(ofInstance(caller, 7)[NVML_GPM_METRIC_GRAPHICS_UTIL]).isCloseTo(50, within(1.0));
        assertThat(ofInstance(caller, 4)[NVML_GPM_METRIC_GRAPHICS_UTIL]).isZero();
        assertThat(ofInstance(caller, 2)[NVML_GPM_METRIC_GRAPHICS_UTIL]).isCloseTo(80, within(1.0));
        assertThat(ofInstance(caller, 2)[NVML_GPM_METRIC_PCIE_TX_PER_SEC]).isEqualTo(-3);
        assertThat(caller.nvml.nvmlGpmMigSampleGet(gpu, 9, allocate(caller)))
                .isEqualTo(NvmlReturn.INVALID_ARGUMENT.code());
        // Two sharing a 4g ask together for half of its time.
        assertThat(between(
                        caller,
                        Duration.ofSeconds(60),
                        sample -> caller.nvml.nvmlGpmMigSampleGet(caller.gpu(2), 1, sample))[
                        NVML_GPM_METRIC_GRAPHICS_UTIL])
                .isCloseTo(50, within(1.5));
    }

    @Test
    void aSplitInstanceIsAsBusyAsItsPartsAreLarge() {
        Caller caller = Caller.ofFile("mig-split");
        // Of 60 multiprocessors 16 work for 60 % of the time, 32 for 90 %, and 12 are nobody's.
        assertThat(ofInstance(caller, 1)[NVML_GPM_METRIC_GRAPHICS_UTIL])
                .isCloseTo((16 * 60 + 32 * 90) / 60.0, within(1.0));
        // 16 of 132 at 60 %, 32 at 90 % and 16 of the 2g at 30 %: that is what heats the GPU.
        assertThat(caller.node.gpus().get(0).state().utilization())
                .isCloseTo((16 * 0.6 + 32 * 0.9 + 16 * 0.3) / 132, within(0.02));
    }

    @Test
    void aSampleIsWhoeversItIsUntilItIsGivenBack() {
        Caller caller = Caller.of("h200x2");
        Pointer first = allocate(caller);
        Pointer second = allocate(caller);
        assertThat(caller.nvml.nvmlGpmSampleGet(caller.gpu(0), first)).isZero();
        assertThat(metricsGet(caller, first, second)).isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        assertThat(caller.nvml.nvmlGpmSampleGet(caller.gpu(1), second)).isZero();
        assertThat(metricsGet(caller, first, second)).isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        assertThat(caller.nvml.nvmlGpmSampleFree(first)).isZero();
        assertThat(caller.nvml.nvmlGpmSampleFree(first)).isEqualTo(NvmlReturn.INVALID_ARGUMENT.code());
        assertThat(caller.nvml.nvmlGpmSampleGet(caller.gpu(0), first)).isEqualTo(NvmlReturn.INVALID_ARGUMENT.code());
        assertThat(caller.nvml.gate().samples().held()).isEqualTo(1);
    }

    private interface Sampling {
        int into(Pointer sample);
    }

    private double[] between(Caller caller, int gpu, Duration time) {
        return between(caller, time, sample -> caller.nvml.nvmlGpmSampleGet(caller.gpu(gpu), sample));
    }

    private double[] ofInstance(Caller caller, int instance) {
        return between(
                caller,
                Duration.ofSeconds(60),
                sample -> caller.nvml.nvmlGpmMigSampleGet(caller.gpu(0), instance, sample));
    }

    /** By metric id; minus the code for one that was refused. */
    private double[] between(Caller caller, Duration time, Sampling sampling) {
        Pointer first = allocate(caller);
        Pointer second = allocate(caller);
        assertThat(sampling.into(first)).isZero();
        caller.pass(time);
        assertThat(sampling.into(second)).isZero();
        assertThat(metricsGet(caller, first, second)).isEqualTo(NvmlReturn.SUCCESS);
        double[] values = new double[NVML_GPM_METRIC_MAX];
        int[] metrics = metrics();
        for (int i = 0; i < metrics.length; i++) {
            Pointer metric = request.share(GpmMetricsGet.METRICS.offset() + (long) i * GpmMetric.LAYOUT.size());
            int code = GpmMetric.NVML_RETURN.s32(metric);
            values[metrics[i]] = code == 0 ? metric.getDouble(GpmMetric.VALUE.offset()) : -code;
        }
        return values;
    }

    private NvmlReturn metricsGet(Caller caller, Pointer first, Pointer second) {
        int[] metrics = metrics();
        request.clear();
        GpmMetricsGet.VERSION.set(request, NVML_GPM_METRICS_GET_VERSION);
        GpmMetricsGet.NUM_METRICS.set(request, metrics.length);
        request.setPointer(GpmMetricsGet.SAMPLE1.offset(), first);
        request.setPointer(GpmMetricsGet.SAMPLE2.offset(), second);
        for (int i = 0; i < metrics.length; i++) {
            GpmMetric.METRIC_ID.set(request.share(GpmMetricsGet.METRICS.offset() + 40L * i), metrics[i]);
        }
        return NvmlReturn.of(caller.nvml.nvmlGpmMetricsGet(request));
    }

    private static int[] metrics() {
        return new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20, 21, 60, 61};
    }

    private static Pointer allocate(Caller caller) {
        assertThat(caller.nvml.nvmlGpmSampleAlloc(caller.out)).isZero();
        return caller.out.getPointer(0);
    }
}
