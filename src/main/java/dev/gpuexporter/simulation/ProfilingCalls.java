package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlConstants;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.GpmMetric;
import dev.gpuexporter.nvml.NvmlStructs.GpmMetricsGet;
import dev.gpuexporter.nvml.NvmlStructs.GpmSupport;

/** GPU performance monitoring. */
interface ProfilingCalls extends SystemCalls {
    @Override
    default int nvmlGpmQueryDeviceSupport(Pointer device, Pointer gpmSupport) {
        return gate().onGpu("nvmlGpmQueryDeviceSupport", device, gpu -> {
            Arguments.version(gpmSupport, NvmlConstants.NVML_GPM_SUPPORT_VERSION);
            GpmSupport.IS_SUPPORTED_DEVICE.set(gpmSupport, gpu.model().has(GpuModel.Feature.GPM) ? 1 : 0);
        });
    }

    @Override
    default int nvmlGpmSampleAlloc(Pointer gpmSample) {
        return gate().onNode("nvmlGpmSampleAlloc", () -> {
            Arguments.present(gpmSample);
            gpmSample.setPointer(0, gate().samples().allocate());
        });
    }

    @Override
    default int nvmlGpmSampleFree(Pointer gpmSample) {
        return gate().onNode("nvmlGpmSampleFree", () -> gate().samples().free(gpmSample));
    }

    @Override
    default int nvmlGpmSampleGet(Pointer device, Pointer gpmSample) {
        return gate().onGpu("nvmlGpmSampleGet", device, gpu -> {
            gpu.model().require(GpuModel.Feature.GPM);
            gate().samples().fill(gpmSample, GpmSample.ofGpu(gpu, gate().node().elapsedNanos()));
        });
    }

    @Override
    default int nvmlGpmMigSampleGet(Pointer device, int gpuInstanceId, Pointer gpmSample) {
        return gate().onGpu("nvmlGpmMigSampleGet", device, gpu -> {
            gpu.model().require(GpuModel.Feature.GPM);
            SimulatedMig part = gpu.migDevices().stream()
                    .filter(mig -> mig.gpuInstance() == gpuInstanceId)
                    .findFirst()
                    .orElseThrow(Refusal::invalidArgument);
            GpmSample sample = GpmSample.ofGpuInstance(gpu, part, gate().node().elapsedNanos());
            gate().samples().fill(gpmSample, sample);
        });
    }

    /** Succeeds as a whole whatever becomes of each metric. */
    @Override
    default int nvmlGpmMetricsGet(Pointer metricsGet) {
        return gate().onNode("nvmlGpmMetricsGet", () -> {
            Arguments.version(metricsGet, NvmlConstants.NVML_GPM_METRICS_GET_VERSION);
            GpmSample before = gate().samples().get(metricsGet.getPointer(GpmMetricsGet.SAMPLE1.offset()));
            GpmSample after = gate().samples().get(metricsGet.getPointer(GpmMetricsGet.SAMPLE2.offset()));
            long count = GpmMetricsGet.NUM_METRICS.u32(metricsGet);
            if (!after.isOfSameDevice(before) || count > NvmlConstants.NVML_GPM_METRIC_MAX) {
                throw Refusal.invalidArgument();
            }
            for (int i = 0; i < count; i++) {
                long offset = GpmMetricsGet.METRICS.offset() + (long) i * GpmMetric.LAYOUT.size();
                write(metricsGet.share(offset), before, after);
            }
        });
    }

    private static void write(Pointer metric, GpmSample before, GpmSample after) {
        NvmlReturn code = NvmlReturn.SUCCESS;
        try {
            GpmMetric.VALUE.set(metric, after.since(before, GpmMetric.METRIC_ID.s32(metric)));
        } catch (Refusal e) {
            code = e.code();
        }
        GpmMetric.NVML_RETURN.set(metric, (long) code.code());
    }
}
