package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.doctor.Finding.Level;
import dev.gpuexporter.nvml.DriverVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriverCheckTest {
    private static final String LIBRARY = "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.580.159.03";

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.159.03  Tue Jan  6 08:12:31 UTC 2026\n"
                        + "GCC version:  gcc version 12.3.0 (Ubuntu 12.3.0-1ubuntu1~22.04)\n",
                "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.03  Release Build  (dvs-builder)\n"
            })
    void readsTheModulesVersionWhereTheDriverTellsIt(String version) throws IOException {
        write("proc/driver/nvidia/version", version);
        assertThat(installed().moduleVersion()).contains("580.159.03");
    }

    @Test
    void knowsNoVersionWhereNothingIsInstalled() {
        assertThat(installed().moduleVersion()).isEmpty();
        assertThat(installed().libraryFile()).isEmpty();
        assertThat(installed().libraryVersion()).isEmpty();
    }

    @Test
    void isFineWhereLibraryAndModuleAreOfOneVersion() throws IOException {
        write("sys/module/nvidia/version", "580.159.03\n");
        mapLibrary(LIBRARY);
        Finding finding = check(up("580.159.03"));
        assertThat(finding).isEqualTo(Finding.ok("driver", "580.159.03, library the same (" + LIBRARY + ")"));
    }

    @Test
    void warnsOfALibraryOfAnotherVersion() throws IOException {
        mapLibrary("/opt/libnvidia-ml.so.570.86");
        Finding finding = check(up("580.159.03"));
        assertThat(finding.level()).isEqualTo(Level.WARN);
        assertThat(finding.text()).isEqualTo("580.159.03, but the library is 570.86 (/opt/libnvidia-ml.so.570.86)");
    }

    @Test
    void tellsBothVersionsWhereTheyDoNotFit() throws IOException {
        write("sys/module/nvidia/version", "575.57.08\n");
        mapLibrary(LIBRARY);
        Finding finding = check(down("LIB_RM_VERSION_MISMATCH from nvmlInit_v2: the library is not the module's"));
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.text())
                .isEqualTo("the library is 580.159.03, the kernel module 575.57.08 (LIB_RM_VERSION_MISMATCH)");
        assertThat(finding.remedy()).contains("reboot the node", "start the exporter again");
    }

    @Test
    void tellsWhereItLookedForTheLibraryAndThatTheModuleIsThere() throws IOException {
        write("sys/module/nvidia/version", "580.159.03\n");
        Finding finding = check(down("NVML not found: no libnvidia-ml.so.1 on the loader's path"));
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.text())
                .isEqualTo("NVML not found: no libnvidia-ml.so.1 on the loader's path; the kernel module 580.159.03"
                        + " is loaded");
        assertThat(finding.remedy()).contains("runtimeClassName: nvidia", "nvml.library");
    }

    @Test
    void saysHowToLoadTheModule() {
        Finding finding = check(down("DRIVER_NOT_LOADED from nvmlInit_v2"));
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.remedy()).contains("modprobe nvidia");
    }

    private InstalledDriver installed() {
        return new InstalledDriver(new HostFiles(root));
    }

    private Finding check(Snapshot snapshot) {
        return new DriverCheck(snapshot, new DriverCalls(), Optional.of(installed()))
                .findings()
                .get(0);
    }

    private static Snapshot up(String version) {
        DeviceReading gpu = new DeviceReading(
                0,
                Optional.empty(),
                Optional.of(new DriverVersions(version, "13." + version, "13.0")),
                Optional.empty(),
                List.of());
        return new Snapshot(Instant.EPOCH, Duration.ZERO, Optional.empty(), List.of(gpu));
    }

    private static Snapshot down(String problem) {
        return new Snapshot(Instant.EPOCH, Duration.ZERO, Optional.of(problem), List.of());
    }

    private void mapLibrary(String file) throws IOException {
        write("proc/self/maps", """
                55d0c0a00000-55d0c0a01000 r--p 00000000 fe:00 1048 /usr/lib/jvm/bin/java
                7f1c2a000000-7f1c2a0e4000 r-xp 00012000 fe:00 2097 %s
                7f1c2a0e4000-7f1c2a1f0000 r--p 000f6000 fe:00 2097 %s
                """.formatted(file, file));
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
