package dev.gpuexporter.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which driver is loaded into the kernel and which library into this process, as the kernel tells. */
final class InstalledDriver {
    /** Three numbers at most, such as 580.159.03; in a sentence there are other numbers, without points. */
    private static final Pattern VERSION = Pattern.compile("\\b\\d{3,4}\\.\\d+(\\.\\d+)?\\b");

    private static final Pattern LIBRARY = Pattern.compile("(/\\S*/libnvidia-ml\\.so\\S*)");

    private final HostFiles files;

    InstalledDriver(HostFiles files) {
        this.files = files;
    }

    /** The version of the kernel module; empty where none is loaded. */
    Optional<String> moduleVersion() {
        return Stream.of("/sys/module/nvidia/version", "/proc/driver/nvidia/version")
                .flatMap(path -> read(files.at(path)).stream())
                .flatMap(text -> first(VERSION, text).stream())
                .findFirst();
    }

    /** The file that NVML was mapped from, links followed: the kernel lists it by its real name. */
    Optional<String> libraryFile() {
        return read(files.at("/proc/self/maps")).flatMap(maps -> first(LIBRARY, maps));
    }

    /** The version in the name of the file; empty where the name has none. */
    Optional<String> libraryVersion() {
        return libraryFile().flatMap(file -> first(VERSION, file.substring(file.lastIndexOf('/'))));
    }

    private static Optional<String> first(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).findFirst();
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException hidden) {
            return Optional.empty();
        }
    }
}
