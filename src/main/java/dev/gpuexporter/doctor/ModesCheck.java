package dev.gpuexporter.doctor;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How the GPUs are set up: persistence mode, and MIG. */
final class ModesCheck {
    static final String PERSISTENCE = "persistence";
    static final String MIG = "MIG";

    private final List<DeviceReading> up;

    ModesCheck(Snapshot snapshot) {
        this.up = snapshot.devices().stream().filter(DeviceReading::isUp).toList();
    }

    List<Finding> persistence() {
        List<Integer> off = with("gpu_persistence_mode_enabled", 0);
        if (!off.isEmpty()) {
            return List.of(Finding.warn(
                    PERSISTENCE,
                    "off on " + GpuNames.of(off, up.size())
                            + ": while nobody uses a GPU, its driver stops, and counters"
                            + " such as energy begin anew",
                    "run nvidia-persistenced on the node"));
        }
        List<Integer> on = with("gpu_persistence_mode_enabled", 1);
        return on.isEmpty() ? List.of() : List.of(Finding.ok(PERSISTENCE, "on"));
    }

    /** @param changing GPUs whose MIG mode will be another after a reset */
    List<Finding> mig(Set<Integer> changing) {
        List<Integer> able = new ArrayList<>(with("gpu_mig_enabled", 0));
        List<Integer> on = with("gpu_mig_enabled", 1);
        able.addAll(on);
        if (able.isEmpty()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        up.stream().filter(device -> on.contains(device.index())).forEach(device -> empty(device, findings));
        changing.forEach(index -> findings.add(Finding.warn(
                MIG,
                "GPU " + index + " will be " + (on.contains(index) ? "out of" : "in") + " MIG mode after a reset",
                "drain the GPU and reset it (nvidia-smi --gpu-reset -i " + index + ")")));
        long devices = up.stream().mapToLong(device -> device.mig().size()).sum();
        findings.add(
                0,
                Finding.ok(
                        MIG,
                        on.isEmpty()
                                ? "off"
                                : "on for " + GpuNames.of(on, up.size()) + ": " + devices + " MIG device"
                                        + (devices == 1 ? "" : "s")));
        return findings;
    }

    private static void empty(DeviceReading device, List<Finding> findings) {
        if (device.mig().isEmpty()) {
            findings.add(Finding.warn(
                    MIG,
                    GpuNames.of(device) + " is in MIG mode and not cut up: nothing can run on it",
                    "make MIG devices (nvidia-smi mig -i " + device.index() + " -cgi … -C, or the operator's"
                            + " nvidia.com/mig.config label), or leave the mode"));
        }
    }

    private List<Integer> with(String metric, double value) {
        return up.stream()
                .filter(device -> {
                    var read = device.value(metric);
                    return read.isPresent() && read.getAsDouble() == value;
                })
                .map(DeviceReading::index)
                .toList();
    }
}
