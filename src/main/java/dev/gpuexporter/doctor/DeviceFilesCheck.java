package dev.gpuexporter.doctor;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the driver's device files are there, and may be opened. */
final class DeviceFilesCheck {
    static final String TOPIC = "device files";

    private static final String HOW_TO_GET_THEM =
            "in a container, set runtimeClassName: nvidia and NVIDIA_VISIBLE_DEVICES=all; on the node, nvidia-modprobe"
                    + " makes them";

    private final Snapshot snapshot;
    private final HostFiles files;

    DeviceFilesCheck(Snapshot snapshot, HostFiles files) {
        this.snapshot = snapshot;
        this.files = files;
    }

    List<Finding> findings() throws IOException {
        Path control = files.at("/dev/nvidiactl");
        if (!Files.exists(control)) {
            return List.of(Finding.fail(TOPIC, "/dev/nvidiactl does not exist", HOW_TO_GET_THEM));
        }
        List<Path> present = present();
        List<Finding> findings = new ArrayList<>();
        closed(Stream.concat(Stream.of(control), present.stream())).forEach(findings::add);
        missing(present).forEach(findings::add);
        strangers(present).forEach(findings::add);
        return findings.isEmpty() ? List.of(Finding.ok(TOPIC, "/dev/nvidiactl" + named(present))) : findings;
    }

    private static String named(List<Path> gpus) {
        return gpus.isEmpty()
                ? ", and no GPU's"
                : " and "
                        + gpus.stream().map(gpu -> gpu.getFileName().toString()).collect(Collectors.joining(", "));
    }

    private List<Path> present() throws IOException {
        try (Stream<Path> all = Files.list(files.at("/dev"))) {
            return all.filter(file -> file.getFileName().toString().matches("nvidia\\d{1,9}"))
                    .sorted(Comparator.comparing(file -> Integer.parseInt(minor(file))))
                    .toList();
        }
    }

    private static String minor(Path file) {
        return file.getFileName().toString().substring("nvidia".length());
    }

    private Stream<Finding> closed(Stream<Path> present) {
        return present.filter(file -> !Files.isReadable(file) || !Files.isWritable(file))
                .map(file -> Finding.fail(
                        TOPIC,
                        files.name(file) + " may not be opened by user " + System.getProperty("user.name"),
                        "set runAsUser: 0, or let everybody open it: NVreg_DeviceFileMode=0666 of the kernel module"));
    }

    private Stream<Finding> missing(List<Path> present) {
        Set<String> minors = present.stream().map(DeviceFilesCheck::minor).collect(Collectors.toSet());
        return snapshot.devices().stream()
                .filter(device -> !device.minor().isEmpty() && !minors.contains(device.minor()))
                .map(device -> Finding.fail(
                        TOPIC, "no /dev/nvidia" + device.minor() + " for " + GpuNames.of(device), HOW_TO_GET_THEM));
    }

    /** What stays behind of a GPU that the driver has lost sight of; not to be told where a GPU has not said its number. */
    private Stream<Finding> strangers(List<Path> present) {
        if (!snapshot.isNvmlUp()
                || snapshot.devices().stream().anyMatch(device -> device.minor().isEmpty())) {
            return Stream.empty();
        }
        Set<String> known =
                snapshot.devices().stream().map(DeviceReading::minor).collect(Collectors.toSet());
        return present.stream()
                .filter(file -> !known.contains(minor(file)))
                .map(file -> Finding.warn(
                        TOPIC,
                        files.name(file) + " is of no GPU that the driver knows",
                        "a GPU may have been lost since the node started: compare with lspci -d 10de: and the kernel's"
                                + " log"));
    }
}
