package dev.gpuexporter.collection;

import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.GpuMetric.Subject;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.MigDevice;
import dev.gpuexporter.nvml.MigDevices;
import dev.gpuexporter.nvml.NvmlException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the MIG devices of one GPU, one after the other. One that is taken away while it is read is left out of the
 * poll with all that was read of it, and does not fail its GPU.
 */
final class MigReader {
    private final String gpu;
    private final MigDevices devices;
    private final ReadingErrors errors;
    private List<GpuMetric> metrics = List.of();

    /** @param gpu as people know it: index and UUID */
    MigReader(String gpu, MigDevices devices, ReadingErrors errors) {
        this.gpu = gpu;
        this.devices = devices;
        this.errors = errors;
    }

    /** @param chosen those that are switched on and read off MIG devices */
    void choose(List<GpuMetric> chosen) {
        metrics = chosen;
    }

    /** What a poll found. */
    record Answer(List<MigPart> parts, List<Sample> samples) {}

    /**
     * One poll.
     *
     * @throws NvmlException where the GPU, or the driver, answers no more
     */
    Answer read(boolean enabled) throws NvmlException {
        MigDevices.Found found = devices.find(enabled);
        found.failures().forEach(e -> errors.countAndSay(gpu, e, "a MIG device is left out"));
        List<MigPart> parts = new ArrayList<>();
        List<Sample> samples = new ArrayList<>();
        for (MigDevice device : found.devices()) {
            List<Sample> own = samplesOf(device);
            if (devices.isStill(device)) {
                parts.add(MigPart.of(device.identity()));
                samples.addAll(own);
            }
        }
        return new Answer(parts, samples);
    }

    private List<Sample> samplesOf(MigDevice device) throws NvmlException {
        Optional<MigPart> part = Optional.of(MigPart.of(device.identity()));
        List<Sample> samples = new ArrayList<>();
        Set<NvmlException> failures = new HashSet<>();
        for (GpuMetric metric : metrics) {
            if (metric.subject() == Subject.GPU_INSTANCE && !device.isFirstOfGpuInstance()) {
                continue;
            }
            try {
                metric.migReading().orElseThrow().read(device, (value, labels) -> {
                    if (metric.canBe(value)) {
                        samples.add(new Sample(metric, part, List.of(labels), value));
                    }
                });
            } catch (NvmlException e) {
                switch (e.kind()) {
                    case GPU_LOST, DRIVER_GONE, VERSION_MISMATCH -> throw e;
                    case INVALID_ARGUMENT ->
                        devices.forget(device); // stale: who has the handle now is asked at the end
                    default -> {
                        if (failures.add(e)) {
                            errors.countAndSay(gpu + " " + device.identity(), e, "what it tells is left out");
                        }
                    }
                }
            }
        }
        return samples;
    }
}
