package dev.gpuexporter.doctor;

import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.doctor.DriverCalls.UnderWay;
import dev.gpuexporter.nvml.DriverVersions;
import dev.gpuexporter.nvml.NvmlReturn;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Whether there is a driver, and its library is the one that belongs to it. */
final class DriverCheck {
    static final String TOPIC = "driver";

    private static final String NOT_FOUND = "NVML not found";

    private final Snapshot snapshot;
    private final DriverCalls calls;
    private final Optional<InstalledDriver> installed;

    /** @param installed what the kernel says; empty where the driver is simulated */
    DriverCheck(Snapshot snapshot, DriverCalls calls, Optional<InstalledDriver> installed) {
        this.snapshot = snapshot;
        this.calls = calls;
        this.installed = installed;
    }

    List<Finding> findings() {
        Optional<UnderWay> hanging = calls.underWay(OptionalInt.empty());
        if (snapshot.isNvmlUp()) {
            return List.of(works());
        }
        return List.of(hanging.map(function -> Hanging.in(TOPIC, "", function))
                .orElseGet(() -> fails(snapshot.nvmlProblem().orElse(""))));
    }

    private Finding works() {
        String version = snapshot.devices().stream()
                .flatMap(device -> device.versions().stream())
                .map(DriverVersions::driver)
                .findFirst()
                .or(() -> installed.flatMap(InstalledDriver::moduleVersion))
                .orElse("unknown version");
        if (installed.isEmpty()) {
            return Finding.ok(TOPIC, version + ", simulated");
        }
        String file = installed
                .flatMap(InstalledDriver::libraryFile)
                .map(path -> " (" + path + ")")
                .orElse("");
        Optional<String> library = installed.flatMap(InstalledDriver::libraryVersion);
        if (library.isPresent() && !library.get().equals(version)) {
            return Finding.warn(
                    TOPIC,
                    version + ", but the library is " + library.get() + file,
                    "mount the library that belongs to the driver, or set nvml.library to it");
        }
        return Finding.ok(
                TOPIC, version + library.map(same -> ", library the same").orElse("") + file);
    }

    private Finding fails(String problem) {
        if (problem.startsWith(NOT_FOUND)) {
            return Finding.fail(
                    TOPIC,
                    problem
                            + module().map(version -> "; the kernel module " + version + " is loaded")
                                    .orElse("; no kernel module nvidia is loaded"),
                    "install NVIDIA's driver on the node; in a container, set runtimeClassName: nvidia and"
                            + " NVIDIA_DRIVER_CAPABILITIES=utility, or mount the driver's directory and set nvml.library");
        }
        if (problem.startsWith(NvmlReturn.LIB_RM_VERSION_MISMATCH.name())) {
            return Finding.fail(
                    TOPIC,
                    versions().orElse(problem),
                    "the driver was upgraded under its users: drain and reboot the node, or unload the kernel module and"
                            + " load the new one; then start the exporter again, so that it maps the new library");
        }
        if (problem.startsWith(NvmlReturn.DRIVER_NOT_LOADED.name())) {
            return Finding.fail(
                    TOPIC,
                    problem
                            + module().map(version -> ", though the kernel module " + version + " is loaded")
                                    .orElse(""),
                    "load the kernel module (modprobe nvidia; dmesg says why it refuses); in a container, look at the"
                            + " device files as well");
        }
        return Finding.fail(TOPIC, problem, "run nvidia-smi on the node: what it says holds for the exporter, too");
    }

    private Optional<String> module() {
        return installed.flatMap(InstalledDriver::moduleVersion);
    }

    private Optional<String> versions() {
        return installed.flatMap(InstalledDriver::libraryVersion).flatMap(library -> module().map(
                        module -> "the library is " + library + ", the kernel module " + module + " ("
                                + NvmlReturn.LIB_RM_VERSION_MISMATCH + ")"));
    }
}
