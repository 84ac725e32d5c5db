package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.DEVICE;
import static dev.gpuexporter.metrics.Group.MEMORY;

import java.util.List;
import java.util.stream.Stream;

/** The parts of a GPU in MIG mode. What a GPU instance's compute instances share is said once, so that sums are right. */
public final class MigMetrics {
    private static final String MIG = "MIG enabled";
    private static final String MEMORY_CALL = "nvmlDeviceGetMemoryInfo_v2";
    private static final String BAR1_CALL = "nvmlDeviceGetBAR1MemoryInfo";
    private static final String ATTRIBUTES_CALL = "nvmlDeviceGetAttributes_v2";

    /** Kept, as {@code gpu_info} is, where the GPU is lost. */
    public static final GpuMetric INFO = gauge(DEVICE, "gpu_mig_info", "A MIG device of a GPU.")
            .ofMigDevice()
            .from("nvmlDeviceGetMigDeviceHandleByIndex and the identity calls")
            .needs(MIG);

    private static final List<GpuMetric> READ = List.of(
            gauge(DEVICE, "gpu_mig_multiprocessors", "Multiprocessors of a MIG device.")
                    .ofMigDevice()
                    .from(ATTRIBUTES_CALL)
                    .needs(MIG)
                    .readMig((device, out) ->
                            device.attributes().ifPresent(attributes -> out.add(attributes.multiprocessors()))),
            gauge(DEVICE, "gpu_mig_compute_slices", "Compute slices of a MIG device.")
                    .ofMigDevice()
                    .from(ATTRIBUTES_CALL)
                    .needs(MIG)
                    .readMig((device, out) ->
                            device.attributes().ifPresent(attributes -> out.add(attributes.computeSlices()))),
            gauge(
                            DEVICE,
                            "gpu_mig_gpu_instance_slices",
                            "Compute slices of a GPU instance, whether or not they are all given to compute instances.")
                    .ofGpuInstance()
                    .from(ATTRIBUTES_CALL)
                    .needs(MIG)
                    .readMig((device, out) ->
                            device.attributes().ifPresent(attributes -> out.add(attributes.gpuSlices()))),
            gauge(
                            DEVICE,
                            "gpu_mig_engines",
                            "Engines of a GPU instance: copy, decoder, encoder, jpeg, ofa; its compute instances share them.")
                    .ofGpuInstance()
                    .labels("engine")
                    .from(ATTRIBUTES_CALL)
                    .needs(MIG)
                    .readMig((device, out) -> device.attributes().ifPresent(attributes -> {
                        out.add(attributes.copyEngines(), "copy");
                        out.add(attributes.decoders(), "decoder");
                        out.add(attributes.encoders(), "encoder");
                        out.add(attributes.jpegEngines(), "jpeg");
                        out.add(attributes.ofaEngines(), "ofa");
                    })),
            gauge(
                            MEMORY,
                            "gpu_mig_memory_total_bytes",
                            "Device memory of a GPU instance; its compute instances share it.")
                    .ofGpuInstance()
                    .from(MEMORY_CALL)
                    .needs(MIG)
                    .readMig((device, out) -> device.memory().ifPresent(memory -> out.add(memory.total()))),
            gauge(
                            MEMORY,
                            "gpu_mig_memory_used_bytes",
                            "Device memory of a GPU instance that is allocated, its own overhead included.")
                    .ofGpuInstance()
                    .withOwner()
                    .from(MEMORY_CALL)
                    .needs(MIG)
                    .readMig((device, out) -> device.memory().ifPresent(memory -> out.add(memory.used()))),
            gauge(MEMORY, "gpu_mig_memory_free_bytes", "Device memory of a GPU instance that can still be allocated.")
                    .ofGpuInstance()
                    .from(MEMORY_CALL)
                    .needs(MIG)
                    .readMig((device, out) -> device.memory().ifPresent(memory -> out.add(memory.free()))),
            gauge(
                            MEMORY,
                            "gpu_mig_memory_reserved_bytes",
                            "Device memory of a GPU instance that the driver and firmware keep for themselves.")
                    .ofGpuInstance()
                    .from(MEMORY_CALL)
                    .needs(MIG)
                    .readMig((device, out) -> device.memory().ifPresent(memory -> out.add(memory.reserved()))),
            gauge(
                            MEMORY,
                            "gpu_mig_bar1_memory_total_bytes",
                            "Size of a GPU instance's part of the PCI window through which the host reaches device memory.")
                    .ofGpuInstance()
                    .from(BAR1_CALL)
                    .needs(MIG)
                    .readMig((device, out) -> device.bar1Memory().ifPresent(memory -> out.add(memory.total()))),
            gauge(
                            MEMORY,
                            "gpu_mig_bar1_memory_used_bytes",
                            "How much of a GPU instance's part of the PCI window to device memory is mapped.")
                    .ofGpuInstance()
                    .from(BAR1_CALL)
                    .needs(MIG)
                    .readMig((device, out) -> device.bar1Memory().ifPresent(memory -> out.add(memory.used()))));

    static final List<GpuMetric> ALL = Stream.of(
                    List.of(INFO), READ, ProfilingMetrics.OF_GPU_INSTANCES, EngineMetrics.OF_GPU_INSTANCES)
            .flatMap(List::stream)
            .toList();

    private MigMetrics() {}
}
