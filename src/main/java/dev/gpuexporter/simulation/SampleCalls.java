package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_GPU_UTILIZATION_SAMPLES;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_TOTAL_POWER_SAMPLES;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_VALUE_TYPE_UNSIGNED_INT;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.Sample;
import java.nio.ByteBuffer;
import java.util.List;

/** What the driver samples by itself. */
interface SampleCalls extends SystemCalls {
    int HIGHEST_SAMPLING_TYPE = 9;

    @Override
    default int nvmlDeviceGetSamples(
            Pointer device,
            int type,
            long lastSeenTimeStamp,
            Pointer sampleValType,
            Pointer sampleCount,
            Pointer samples) {
        return gate().onGpu("nvmlDeviceGetSamples", device, gpu -> {
            Arguments.present(sampleValType, sampleCount);
            if (samples == null) {
                sampleCount.setInt(0, room(type));
                return;
            }
            List<SampleHistory.Taken> newer = taken(gpu, type, gate().node().nanosAt(lastSeenTimeStamp));
            if (newer.isEmpty()) {
                throw new Refusal(NvmlReturn.NOT_FOUND);
            }
            int written = (int) Math.min(newer.size(), Integer.toUnsignedLong(sampleCount.getInt(0)));
            int scale = type == NVML_TOTAL_POWER_SAMPLES ? 1000 : 100;
            ByteBuffer slots = samples.getByteBuffer(0, (long) written * Sample.LAYOUT.size());
            for (int i = 0; i < written; i++) {
                SampleHistory.Taken each = newer.get(i);
                int slot = i * Sample.LAYOUT.size();
                slots.putLong(slot + Sample.TIME_STAMP.offset(), micros(each));
                slots.putInt(slot + Sample.SAMPLE_VALUE.offset(), (int) Math.round(scale * each.value()));
            }
            sampleValType.setInt(0, NVML_VALUE_TYPE_UNSIGNED_INT);
            sampleCount.setInt(0, written);
        });
    }

    private long micros(SampleHistory.Taken taken) {
        return gate().node().microsAt(taken.nanos());
    }

    private static int room(int type) throws Refusal {
        return switch (type) {
            case NVML_TOTAL_POWER_SAMPLES -> SampleHistory.POWER_SAMPLES;
            case NVML_GPU_UTILIZATION_SAMPLES -> SampleHistory.UTILIZATION_SAMPLES;
            default ->
                throw type < 0 || type > HIGHEST_SAMPLING_TYPE ? Refusal.invalidArgument() : Refusal.notSupported();
        };
    }

    private static List<SampleHistory.Taken> taken(SimulatedGpu gpu, int type, long afterNanos) throws Refusal {
        room(type);
        return type == NVML_TOTAL_POWER_SAMPLES
                ? gpu.samples().power(afterNanos)
                : gpu.samples().utilization(afterNanos);
    }
}
