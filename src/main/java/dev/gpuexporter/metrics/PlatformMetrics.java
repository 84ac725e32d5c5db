package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.DEVICE;

import java.util.List;

/** The board, its place in a rack, and how an operator has set the GPU up. */
final class PlatformMetrics {
    static final List<GpuMetric> ALL = List.of(
            gauge(DEVICE, "gpu_board_info", "Which board the GPU is on: what to order when it has to be replaced.")
                    .labels("part_number")
                    .from("nvmlDeviceGetBoardPartNumber")
                    .needs("data-centre boards")
                    .read((device, out) -> {
                        String part = device.platform().boardPartNumber();
                        if (!part.isEmpty()) {
                            out.add(1, part);
                        }
                    }),
            gauge(DEVICE, "gpu_platform_info", "Where in its rack the GPU is, in the driver's own numbers.")
                    .labels("chassis_serial", "slot", "tray", "host", "peer_type", "module")
                    .from("nvmlDeviceGetPlatformInfo")
                    .needs("driver 570; GPUs built into racks, such as the GB200")
                    .read((device, out) -> device.platform()
                            .place()
                            .ifPresent(place -> out.add(
                                    1,
                                    place.chassisSerial(),
                                    Integer.toString(place.slot()),
                                    Integer.toString(place.tray()),
                                    Integer.toString(place.host()),
                                    Integer.toString(place.peerType()),
                                    Integer.toString(place.module())))),
            gauge(
                            DEVICE,
                            "gpu_persistence_mode_enabled",
                            "Whether the driver stays loaded while nobody uses the GPU (1), or starts anew, its counters at zero (0).")
                    .from("nvmlDeviceGetPersistenceMode")
                    .read((device, out) -> out.add(device.platform().persistenceModeEnabled())),
            gauge(
                            DEVICE,
                            "gpu_compute_mode",
                            "Who may compute on the GPU: 0 any number of processes, 1 one thread, 2 nobody, 3 one process.")
                    .from("nvmlDeviceGetComputeMode")
                    .read((device, out) -> out.add(device.platform().computeMode())),
            gauge(
                            DEVICE,
                            "gpu_c2c_enabled",
                            "Whether the GPU is joined chip to chip to the processor on its module (1) or not (0).")
                    .from("nvmlDeviceGetC2cModeInfoV")
                    .needs("Hopper and later")
                    .read((device, out) -> out.add(device.platform().chipToChipEnabled())));

    private PlatformMetrics() {}
}
