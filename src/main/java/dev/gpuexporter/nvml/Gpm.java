package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn.Kind;
import dev.gpuexporter.nvml.NvmlStructs.GpmMetric;
import dev.gpuexporter.nvml.NvmlStructs.GpmMetricsGet;
import dev.gpuexporter.nvml.NvmlStructs.GpmSupport;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** One GPU's performance monitoring, as C has it; samples are taken of the GPU or of a GPU instance on it. */
final class Gpm {
    /** What the first header with GPM knows is below; a library of that time may refuse a call that asks for more. */
    private static final int FIRST_THAT_CAME_LATER = 98;

    private final NvmlLibrary nvml;
    private final Pointer device;
    private final LongSupplier nanoTime;
    private final NvmlBuffer buffer = new NvmlBuffer(GpmSupport.LAYOUT.size());
    private boolean supported;
    private boolean knowsFirstAlone;
    private Memory request;

    Gpm(NvmlLibrary nvml, Pointer device, LongSupplier nanoTime) {
        this.nvml = nvml;
        this.device = device;
        this.nanoTime = nanoTime;
    }

    /** How a sample is taken: its handle goes in. */
    @FunctionalInterface
    interface Sampling {
        void into(Pointer sample) throws NvmlException;
    }

    Profiler ofGpu() {
        return new Profiler(this, sample -> check("nvmlGpmSampleGet", nvml.nvmlGpmSampleGet(device, sample)), nanoTime);
    }

    Profiler ofGpuInstance(int gpuInstance) {
        return new Profiler(
                this,
                sample -> check("nvmlGpmMigSampleGet", nvml.nvmlGpmMigSampleGet(device, gpuInstance, sample)),
                nanoTime);
    }

    /**
     * Asks until the GPU has said yes.
     *
     * @throws NvmlException NOT_SUPPORTED where it says no
     */
    void requireSupport() throws NvmlException {
        if (!supported) {
            Memory out = buffer.cleared(GpmSupport.LAYOUT);
            GpmSupport.VERSION.set(out, NVML_GPM_SUPPORT_VERSION);
            check("nvmlGpmQueryDeviceSupport", nvml.nvmlGpmQueryDeviceSupport(device, out));
            if (GpmSupport.IS_SUPPORTED_DEVICE.s32(out) == 0) {
                throw new NvmlException("nvmlGpmQueryDeviceSupport", NvmlReturn.NOT_SUPPORTED);
            }
            supported = true;
        }
    }

    Pointer allocate() throws NvmlException {
        Memory out = buffer.cleared(Native.POINTER_SIZE);
        check("nvmlGpmSampleAlloc", nvml.nvmlGpmSampleAlloc(out));
        return out.getPointer(0);
    }

    void free(Pointer sample) {
        nvml.nvmlGpmSampleFree(sample); // whatever it answers, nobody will use the sample again
    }

    /** What lies between two samples, by metric; percent or MiB/s. What the driver does not know is not in it. */
    Map<Integer, Double> metrics(Pointer older, Pointer newer, int[] metrics) throws NvmlException {
        int[] first = IntStream.of(metrics)
                .filter(metric -> metric < FIRST_THAT_CAME_LATER)
                .toArray();
        if (knowsFirstAlone || first.length == metrics.length) {
            return asked(older, newer, first);
        }
        try {
            return asked(older, newer, metrics);
        } catch (NvmlException e) {
            if (e.kind() != Kind.INVALID_ARGUMENT) {
                throw e;
            }
            knowsFirstAlone = true; // no handle is in this call: nothing else can be wrong with it
            return asked(older, newer, first);
        }
    }

    private Map<Integer, Double> asked(Pointer older, Pointer newer, int[] metrics) throws NvmlException {
        if (metrics.length == 0) {
            return Map.of();
        }
        if (request == null) {
            // The newest header's size: a driver reads and writes as many metrics as it is asked for.
            request = new Memory(GpmMetricsGet.LAYOUT.size());
        }
        request.clear(GpmMetricsGet.METRICS.offset() + (long) metrics.length * GpmMetric.LAYOUT.size());
        GpmMetricsGet.VERSION.set(request, NVML_GPM_METRICS_GET_VERSION);
        GpmMetricsGet.NUM_METRICS.set(request, metrics.length);
        request.setPointer(GpmMetricsGet.SAMPLE1.offset(), older);
        request.setPointer(GpmMetricsGet.SAMPLE2.offset(), newer);
        for (int i = 0; i < metrics.length; i++) {
            request.setInt(answer(i) + GpmMetric.METRIC_ID.offset(), metrics[i]);
        }
        check("nvmlGpmMetricsGet", nvml.nvmlGpmMetricsGet(request));
        Map<Integer, Double> values = new HashMap<>();
        for (int i = 0; i < metrics.length; i++) {
            double value = request.getDouble(answer(i) + GpmMetric.VALUE.offset());
            boolean told = request.getInt(answer(i) + GpmMetric.NVML_RETURN.offset()) == NvmlReturn.SUCCESS.code();
            if (told && Double.isFinite(value)) { // NaN where there was nothing to measure
                values.put(metrics[i], value);
            }
        }
        return values;
    }

    /** Where it begins. */
    private static long answer(int i) {
        return GpmMetricsGet.METRICS.offset() + (long) i * GpmMetric.LAYOUT.size();
    }

    private static void check(String function, int code) throws NvmlException {
        DeviceCalls.check(function, code);
    }
}
