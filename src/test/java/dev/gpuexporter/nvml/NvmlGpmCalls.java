package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlCall.*;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlCall.Invocation;
import dev.gpuexporter.nvml.NvmlStructs.GpmMetric;
import dev.gpuexporter.nvml.NvmlStructs.GpmMetricsGet;
import dev.gpuexporter.nvml.NvmlStructs.GpmSupport;
import dev.gpuexporter.nvml.Struct.Member;
import java.util.List;

/** The functions of GPM. Every call takes and gives back samples of its own, so that their handles are known. */
final class NvmlGpmCalls {
    private static final long FIRST_SAMPLE = 0x5_a000_0100L;
    private static final long SECOND_SAMPLE = 0x5_a000_0110L;
    private static final Member VALUE = new Member("value", 0, 8);

    private final NvmlLibrary nvml;

    NvmlGpmCalls(NvmlLibrary nvml) {
        this.nvml = nvml;
    }

    /** What is done to two samples of a device. */
    private interface TwoSamples {
        int with(Pointer first, Pointer second);
    }

    List<NvmlCall> ofTheSystem() {
        return List.of(
                call(
                        "nvmlGpmSampleAlloc",
                        (device, out) -> {
                            int code = nvml.nvmlGpmSampleAlloc(out);
                            nvml.nvmlGpmSampleFree(out.getPointer(0));
                            return code;
                        },
                        same(u64("gpmSample"), FIRST_SAMPLE)),
                call("nvmlGpmSampleFree", (device, out) -> {
                    Memory sample = new Memory(8);
                    nvml.nvmlGpmSampleAlloc(sample);
                    return nvml.nvmlGpmSampleFree(sample.getPointer(0));
                }));
    }

    List<NvmlCall> ofADevice() {
        return List.of(
                versioned(
                        "nvmlGpmQueryDeviceSupport",
                        nvml::nvmlGpmQueryDeviceSupport,
                        out -> GpmSupport.VERSION.set(out, NVML_GPM_SUPPORT_VERSION),
                        same(GpmSupport.VERSION, 1),
                        next(GpmSupport.IS_SUPPORTED_DEVICE, 5)),
                call(
                        "nvmlGpmSampleGet",
                        (device, out) -> value(nvml::nvmlGpmSampleGet, device, out),
                        quarterMore(VALUE, 12.0)),
                call(
                        "nvmlGpmMigSampleGet",
                        (device, out) -> value((gpu, sample) -> nvml.nvmlGpmMigSampleGet(gpu, 9, sample), device, out),
                        quarterMore(VALUE, 16.5)),
                versioned(
                        "nvmlGpmMetricsGet",
                        (device, out) -> sampled(nvml::nvmlGpmSampleGet, device, (first, second) -> {
                            out.setPointer(GpmMetricsGet.SAMPLE1.offset(), first);
                            out.setPointer(GpmMetricsGet.SAMPLE2.offset(), second);
                            return nvml.nvmlGpmMetricsGet(out);
                        }),
                        out -> {
                            GpmMetricsGet.VERSION.set(out, NVML_GPM_METRICS_GET_VERSION);
                            GpmMetricsGet.NUM_METRICS.set(out, 2);
                            GpmMetric.METRIC_ID.set(out.share(GpmMetricsGet.METRICS.offset()), 13);
                        },
                        same(GpmMetricsGet.VERSION, 1),
                        same(GpmMetricsGet.NUM_METRICS, 2),
                        same(GpmMetricsGet.SAMPLE1, FIRST_SAMPLE),
                        same(GpmMetricsGet.SAMPLE2, SECOND_SAMPLE),
                        same(GpmMetricsGet.METRICS, 13)),
                call(
                        "nvmlGpmMetricsGet",
                        (device, out) -> metric(nvml::nvmlGpmSampleGet, device, out),
                        same(GpmMetric.METRIC_ID, NVML_GPM_METRIC_FP32_UTIL),
                        same(GpmMetric.NVML_RETURN, 0),
                        quarterMore(GpmMetric.VALUE, 12.0),
                        same(GpmMetric.METRIC_INFO, 0x5_b000_0100L)));
    }

    /** Twice a sample of a device, something done with the two, and both given back. */
    private int sampled(Invocation sampling, Pointer device, TwoSamples use) {
        Memory samples = new Memory(16);
        nvml.nvmlGpmSampleAlloc(samples);
        nvml.nvmlGpmSampleAlloc(samples.share(8));
        Pointer first = samples.getPointer(0);
        Pointer second = samples.getPointer(8);
        int code = Math.max(sampling.on(device, first), sampling.on(device, second));
        code = code == 0 ? use.with(first, second) : code;
        nvml.nvmlGpmSampleFree(first);
        nvml.nvmlGpmSampleFree(second);
        return code;
    }

    /** The share of time in FP32 units, as the whole struct of that metric. */
    private int metric(Invocation sampling, Pointer device, Pointer out) {
        Memory request = new Memory(GpmMetricsGet.LAYOUT.size());
        Pointer metric = request.share(GpmMetricsGet.METRICS.offset());
        return sampled(sampling, device, (first, second) -> {
            request.clear();
            GpmMetricsGet.VERSION.set(request, NVML_GPM_METRICS_GET_VERSION);
            GpmMetricsGet.NUM_METRICS.set(request, 1);
            request.setPointer(GpmMetricsGet.SAMPLE1.offset(), first);
            request.setPointer(GpmMetricsGet.SAMPLE2.offset(), second);
            GpmMetric.METRIC_ID.set(metric, NVML_GPM_METRIC_FP32_UTIL);
            int code = nvml.nvmlGpmMetricsGet(request);
            int size = GpmMetric.LAYOUT.size();
            out.write(0, metric.getByteArray(0, size), 0, size);
            return code;
        });
    }

    private int value(Invocation sampling, Pointer device, Pointer out) {
        Memory metric = new Memory(GpmMetric.LAYOUT.size());
        int code = metric(sampling, device, metric);
        out.setDouble(0, metric.getDouble(GpmMetric.VALUE.offset()));
        return code;
    }
}
