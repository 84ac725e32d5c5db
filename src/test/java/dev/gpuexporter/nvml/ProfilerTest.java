package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.GpmMetric;
import dev.gpuexporter.nvml.NvmlStructs.GpmMetricsGet;
import dev.gpuexporter.nvml.NvmlStructs.GpmSupport;
import dev.gpuexporter.testing.InterceptedCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against samples that know when they were taken: a metric's value is its id and the milliseconds between two. */
class ProfilerTest {
    private static final Pointer DEVICE = new Pointer(0x1000);

    private final List<String> calls = new ArrayList<>();
    private final List<Integer> asked = new ArrayList<>();
    private final Map<Long, Long> samples = new HashMap<>();
    private final Map<String, NvmlReturn> failing = new HashMap<>();
    private final Map<Integer, Double> instead = new HashMap<>();
    private final Map<Integer, NvmlReturn> codes = new HashMap<>();
    private boolean supported = true;
    private int newest = NVML_GPM_METRIC_MAX;
    private long millis = 1000;
    private long nextSample = 0x100;

    private final NvmlLibrary nvml = InterceptedCall.intercepted(call -> {
        calls.add(call.function());
        if (failing.containsKey(call.function())) {
            return failing.get(call.function()).code();
        }
        return answer(call.function(), call.arguments()).code();
    });
    private final Gpm gpm =
            new Gpm(nvml, DEVICE, () -> Duration.ofMillis(millis).toNanos());
    private final Profiler profiler = gpm.ofGpu();

    private NvmlReturn answer(String function, Object[] arguments) {
        Pointer last = (Pointer) arguments[arguments.length - 1];
        switch (function) {
            case "nvmlGpmQueryDeviceSupport" -> {
                assertThat(last.getInt(0)).isEqualTo(1);
                GpmSupport.IS_SUPPORTED_DEVICE.set(last, supported ? 1 : 0);
            }
            case "nvmlGpmSampleAlloc" -> {
                samples.put(nextSample, -1L);
                last.setPointer(0, new Pointer(nextSample++));
            }
            case "nvmlGpmSampleFree" ->
                assertThat(samples.remove(Pointer.nativeValue(last))).isNotNull();
            case "nvmlGpmSampleGet" ->
                assertThat(samples.replace(Pointer.nativeValue(last), millis)).isNotNull();
            case "nvmlGpmMetricsGet" -> metrics(last);
            default -> throw new AssertionError("nobody should call " + function);
        }
        boolean refused = function.equals("nvmlGpmMetricsGet") && asked.stream().anyMatch(metric -> metric > newest);
        return refused ? NvmlReturn.INVALID_ARGUMENT : NvmlReturn.SUCCESS;
    }

    private void metrics(Pointer request) {
        long first = samples.get(Pointer.nativeValue(request.getPointer(GpmMetricsGet.SAMPLE1.offset())));
        long second = samples.get(Pointer.nativeValue(request.getPointer(GpmMetricsGet.SAMPLE2.offset())));
        assertThat(GpmMetricsGet.VERSION.s32(request)).isEqualTo(1);
        asked.clear();
        for (int i = 0; i < GpmMetricsGet.NUM_METRICS.s32(request); i++) {
            Pointer metric = request.share(GpmMetricsGet.METRICS.offset() + 40L * i);
            int id = GpmMetric.METRIC_ID.s32(metric);
            asked.add(id);
            GpmMetric.NVML_RETURN.set(
                    metric, codes.getOrDefault(id, NvmlReturn.SUCCESS).code());
            GpmMetric.VALUE.set(metric, instead.getOrDefault(id, id + (second - first) / 1e6));
        }
    }

    private Profiler after(long more) {
        millis += more;
        profiler.beginPoll();
        return profiler;
    }

    @Test
    void saysNothingInTheFirstPollAndThenWhatLiesBetweenTwo() throws NvmlException {
        readEverything(after(0));
        assertThat(after(5000).ratio(NVML_GPM_METRIC_SM_UTIL)).hasValue(2.005 / 100);
        assertThat(after(3000).ratio(NVML_GPM_METRIC_DRAM_BW_UTIL)).hasValue(10.003 / 100);
        assertThat(profiler.bytesPerSecond(NVML_GPM_METRIC_NVLINK_TOTAL_RX_PER_SEC))
                .hasValue(60.003 * 1024 * 1024);
        assertThat(samples).hasSize(2);
    }

    private static void readEverything(Profiler profiler) throws NvmlException {
        for (int metric = 1; metric <= 13; metric++) {
            assertThat(profiler.ratio(metric)).isEmpty();
        }
        assertThat(profiler.bytesPerSecond(NVML_GPM_METRIC_PCIE_TX_PER_SEC)).isEmpty();
        assertThat(profiler.bytesPerSecond(NVML_GPM_METRIC_NVLINK_TOTAL_RX_PER_SEC))
                .isEmpty();
    }

    /** Nobody has wanted the others so far. */
    @Test
    void asksForWhatHasBeenRead() throws NvmlException {
        after(0).ratio(NVML_GPM_METRIC_NVDEC_7_UTIL);
        assertThat(after(1000).ratio(NVML_GPM_METRIC_NVDEC_7_UTIL)).hasValue(37.001 / 100);
        assertThat(asked).containsExactly(NVML_GPM_METRIC_NVDEC_7_UTIL);
        assertThat(profiler.ratio(NVML_GPM_METRIC_NVOFA_1_UTIL))
                .as("it was asked for too late")
                .isEmpty();
        assertThat(after(1000).ratio(NVML_GPM_METRIC_NVOFA_1_UTIL)).hasValue(51.001 / 100);
        assertThat(asked).containsExactly(NVML_GPM_METRIC_NVDEC_7_UTIL, NVML_GPM_METRIC_NVOFA_1_UTIL);
    }

    /** What a driver of GPM's first days does is not known; a GPU must not be taken for another because of it. */
    @Test
    void tellsTheOthersWhereTheDriverRefusesWhatCameLater() throws NvmlException {
        newest = 97;
        readEverything(after(0));
        assertThat(profiler.bytesPerSecond(NVML_GPM_METRIC_C2C_TOTAL_TX_PER_SEC))
                .isEmpty();
        for (int poll = 0; poll < 2; poll++) {
            calls.clear();
            assertThat(after(1000).ratio(NVML_GPM_METRIC_SM_UTIL)).hasValue(2.001 / 100);
            assertThat(profiler.bytesPerSecond(NVML_GPM_METRIC_C2C_TOTAL_TX_PER_SEC))
                    .isEmpty();
            assertThat(Collections.frequency(calls, "nvmlGpmMetricsGet"))
                    .as("refused once, and not asked again")
                    .isEqualTo(poll == 0 ? 2 : 1);
        }
    }

    @Test
    void asksForNothingWhereTheDriverRefusesAllThatIsRead() throws NvmlException {
        newest = 97;
        after(0).bytesPerSecond(NVML_GPM_METRIC_C2C_TOTAL_TX_PER_SEC);
        assertThat(after(1000).bytesPerSecond(NVML_GPM_METRIC_C2C_TOTAL_TX_PER_SEC))
                .isEmpty();
        calls.clear();
        assertThat(after(1000).bytesPerSecond(NVML_GPM_METRIC_C2C_TOTAL_TX_PER_SEC))
                .isEmpty();
        assertThat(calls).doesNotContain("nvmlGpmMetricsGet");
    }

    @Test
    void asksOnceAPollWhateverIsRead() throws NvmlException {
        readEverything(after(0));
        after(1000).ratio(NVML_GPM_METRIC_SM_UTIL);
        calls.clear();
        after(1000);
        for (int metric = 1; metric <= 13; metric++) {
            assertThat(profiler.ratio(metric)).isPresent();
        }
        assertThat(profiler.bytesPerSecond(NVML_GPM_METRIC_PCIE_TX_PER_SEC)).isPresent();
        assertThat(calls).containsExactly("nvmlGpmSampleGet", "nvmlGpmMetricsGet");
    }

    @Test
    void aPollThatComesTooSoonIsSilentAndTheNextComparesWithTheOneBefore() throws NvmlException {
        after(0).ratio(NVML_GPM_METRIC_SM_UTIL);
        assertThat(after(99).ratio(NVML_GPM_METRIC_SM_UTIL)).isEmpty();
        assertThat(after(1).ratio(NVML_GPM_METRIC_SM_UTIL)).hasValue(2.0001 / 100);
    }

    @Test
    void leavesOutWhatIsNoNumberOrFailed() throws NvmlException {
        instead.put(NVML_GPM_METRIC_SM_UTIL, Double.NaN);
        codes.put(NVML_GPM_METRIC_SM_OCCUPANCY, NvmlReturn.NOT_SUPPORTED);
        readEverything(after(0));
        assertThat(after(1000).ratio(NVML_GPM_METRIC_SM_UTIL)).isEmpty();
        assertThat(profiler.ratio(NVML_GPM_METRIC_SM_OCCUPANCY)).isEmpty();
        assertThat(profiler.ratio(NVML_GPM_METRIC_INTEGER_UTIL)).isPresent();
    }

    @Test
    void aGpuWithoutItIsAskedNothingElse() throws NvmlException {
        supported = false;
        after(0).ratio(NVML_GPM_METRIC_SM_UTIL);
        after(1000).ratio(NVML_GPM_METRIC_SM_UTIL);
        assertThat(calls).containsExactly("nvmlGpmQueryDeviceSupport");
        profiler.forgetUnsupported();
        after(1000).ratio(NVML_GPM_METRIC_SM_UTIL);
        assertThat(calls).hasSize(2);
    }

    @Test
    void saysOnceThatItMayNotAndAsksAgainWhenToldTo() throws NvmlException {
        failing.put("nvmlGpmSampleGet", NvmlReturn.NO_PERMISSION);
        assertThatThrownBy(() -> after(0).ratio(NVML_GPM_METRIC_SM_UTIL))
                .hasMessage("NO_PERMISSION from nvmlGpmSampleGet");
        assertThat(profiler.ratio(NVML_GPM_METRIC_SM_OCCUPANCY)).isEmpty();
        assertThat(after(1000).ratio(NVML_GPM_METRIC_SM_UTIL)).isEmpty();
        assertThat(Collections.frequency(calls, "nvmlGpmSampleGet")).isEqualTo(1);

        failing.clear();
        profiler.forgetUnsupported();
        after(1000).ratio(NVML_GPM_METRIC_SM_UTIL);
        assertThat(after(1000).ratio(NVML_GPM_METRIC_SM_UTIL)).isPresent();
    }

    @Test
    void anOlderLibraryHasNone() throws NvmlException {
        failing.put("nvmlGpmQueryDeviceSupport", NvmlReturn.FUNCTION_NOT_FOUND);
        assertThat(after(0).ratio(NVML_GPM_METRIC_SM_UTIL)).isEmpty();
        assertThat(after(1000).ratio(NVML_GPM_METRIC_SM_UTIL)).isEmpty();
        assertThat(calls).hasSize(1);
    }

    @Test
    void givesBackEverySampleOnce() throws NvmlException {
        profiler.release();
        after(0).ratio(NVML_GPM_METRIC_SM_UTIL);
        after(1000).ratio(NVML_GPM_METRIC_SM_UTIL);
        profiler.release();
        profiler.release();
        assertThat(samples).isEmpty();
        after(1000).ratio(NVML_GPM_METRIC_SM_UTIL);
        assertThat(samples).hasSize(1);
        profiler.release();
        assertThat(samples).isEmpty();
    }
}
