package dev.gpuexporter.doctor;

import dev.gpuexporter.attribution.GpuSummary;
import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.doctor.DriverCalls.UnderWay;
import dev.gpuexporter.nvml.NvmlReturn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Whether each GPU answers, has memory that is fit for work, and is not waiting to be mended. */
final class GpusCheck {
    static final String TOPIC = "GPUs";

    private final NodeView node;
    private final DriverCalls calls;

    GpusCheck(NodeView node, DriverCalls calls) {
        this.node = node;
        this.calls = calls;
    }

    List<Finding> findings() {
        Snapshot snapshot = node.snapshot();
        if (!snapshot.isNvmlUp()) {
            return List.of();
        }
        List<DeviceReading> all = snapshot.devices();
        if (all.isEmpty()) {
            return List.of(Finding.fail(
                    TOPIC,
                    "the driver knows none",
                    "in a container, set NVIDIA_VISIBLE_DEVICES=all; on the node, lspci -d 10de: lists what is there"));
        }
        List<DeviceReading> up = all.stream().filter(DeviceReading::isUp).toList();
        List<Finding> findings = new ArrayList<>();
        if (!up.isEmpty()) {
            findings.add(Finding.ok(TOPIC, models(snapshot, up) + answer(up.size(), all.size())));
        }
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).isUp()) {
                findings.add(
                        down(all.get(i), GpuSummary.of(node).get(i).condition().problem()));
            }
        }
        up.forEach(device -> {
            wornOut(device).ifPresent(findings::add);
            action(device).or(() -> pending(device)).ifPresent(findings::add);
        });
        return findings;
    }

    private static String models(Snapshot snapshot, List<DeviceReading> some) {
        return new Snapshot(snapshot.time(), snapshot.took(), snapshot.nvmlProblem(), some).models();
    }

    private static String answer(int some, int all) {
        if (some < all) {
            return ", which answer" + (some == 1 ? "s" : "");
        }
        return switch (all) {
            case 1 -> ", which answers";
            case 2 -> ", both answer";
            default -> ", all answer";
        };
    }

    private Finding down(DeviceReading device, String problem) {
        Optional<UnderWay> hanging = calls.underWay(OptionalInt.of(device.index()));
        if (hanging.isPresent()) {
            return Hanging.in(TOPIC, GpuNames.of(device), hanging.get());
        }
        return Finding.fail(TOPIC, GpuNames.of(device) + ": " + problem, remedy(device));
    }

    private static String remedy(DeviceReading device) {
        String problem = device.problem().orElse("");
        if (problem.startsWith(NvmlReturn.NO_PERMISSION.name())) {
            return "the container lacks the GPU's device file: set NVIDIA_VISIBLE_DEVICES=all and runtimeClassName: nvidia";
        }
        if (problem.startsWith(NvmlReturn.RESET_REQUIRED.name())) {
            return "drain the node, then reset the GPU (nvidia-smi --gpu-reset -i " + device.index() + ")";
        }
        if (problem.startsWith(NvmlReturn.INSUFFICIENT_POWER.name())) {
            return "check the GPU's power cables";
        }
        if (problem.startsWith("no answer within")) {
            return "it answered later: set poll.interval to more than the GPU needs; persistence mode keeps the driver"
                    + " from starting anew each time";
        }
        return "look for its Xid in the kernel's log (dmesg | grep NVRM), drain the node, then reset the GPU or reboot";
    }

    private static Optional<Finding> wornOut(DeviceReading device) {
        return firstSet(device, "gpu_row_remap_failed", "gpu_ecc_sram_threshold_exceeded")
                .map(
                        metric -> Finding.fail(
                                TOPIC,
                                GpuNames.of(device) + ": its memory is worn out (" + metric + ")",
                                "take the GPU out of use, run NVIDIA's field diagnostic, and have it replaced if that confirms it"));
    }

    /** Drivers before 570 name no action for it. */
    private static Optional<Finding> pending(DeviceReading device) {
        return firstSet(device, "gpu_row_remap_pending", "gpu_retired_pages_pending")
                .map(metric -> Finding.warn(
                        TOPIC,
                        GpuNames.of(device) + " has bad memory until it is reset (" + metric + ")",
                        "drain the GPU and reset it, soon but not at once"));
    }

    private static Optional<String> firstSet(DeviceReading device, String... metrics) {
        return Stream.of(metrics)
                .filter(metric -> device.value(metric).orElse(0) == 1)
                .findFirst();
    }

    private static Optional<Finding> action(DeviceReading device) {
        int action = (int) device.value("gpu_recovery_action").orElse(0);
        return action == 0
                ? Optional.empty()
                : Optional.of(Finding.warn(
                        TOPIC,
                        GpuNames.of(device) + " waits to be mended (gpu_recovery_action " + action + ")",
                        words(action)));
    }

    private static String words(int action) {
        return switch (action) {
            case 1 -> "reset the GPU";
            case 2 -> "reboot the node";
            case 3 -> "drain peer-to-peer traffic, then reset the GPU";
            case 4 -> "drain the GPU and reset it";
            case 5 -> "recover the IMEX domain";
            case 6 -> "reset the bus";
            case 7 -> "reboot the system";
            default -> "look the action up in the documentation of the driver";
        };
    }
}
