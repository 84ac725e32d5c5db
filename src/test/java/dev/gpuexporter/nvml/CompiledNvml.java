package dev.gpuexporter.nvml;

import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Project;
import dev.gpuexporter.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real {@code libnvidia-ml.so.1}, compiled from src/test/c: what the dynamic loader and the calling convention are
 * asked with, where there is no GPU. How it behaves is read from {@code FAKE_NVML_…} in the environment by each
 * {@code nvmlInit_v2}; src/test/c/driver.h lists them.
 */
public final class CompiledNvml {
    private static final String NAME = "libnvidia-ml.so.1";
    private static final Path SOURCES = Project.directory().resolve("src/test/c");

    private CompiledNvml() {}

    /** The whole library; its directory is fit for LD_LIBRARY_PATH. */
    public static Path library() {
        Tool.GCC.require();
        return Whole.LIBRARY;
    }

    /** The library of an older driver: one that lacks {@code function}. */
    public static Path without(String function) {
        Tool.GCC.require();
        return compile(created("without-" + function), function + "; *;");
    }

    /** The whole library under a path of its own, so that the loader gives it memory of its own. */
    public static Path copy(String name) {
        Path copy = created(name).resolve(NAME);
        replace(library(), copy);
        return copy;
    }

    static NvmlLibrary load(Path library) {
        return NvmlFunctions.of(library.toString());
    }

    /** Compiles a C file that includes nvml.h, for what its static assertions say. */
    static void check(Path source) {
        Command.run(
                Tool.GCC.require().toString(),
                "-std=gnu11",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-fsyntax-only",
                "-I" + SOURCES,
                source.toString());
    }

    static Path created(String name) {
        try {
            return Files.createDirectories(Project.target().resolve("nvml").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Only NVML's functions show: the loader would bind what two copies of the library share to the first one of them.
     */
    private static Path compile(Path directory, String hidden) {
        Path exports = directory.resolve("exports.map");
        write(exports, "{ global: nvml*; local: " + hidden + " };\n");
        Path library = directory.resolve(NAME);
        Path fresh = directory.resolve(NAME + "." + ProcessHandle.current().pid());
        List<String> command = new ArrayList<>(List.of(Tool.GCC.require().toString()));
        command.addAll(List.of("-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Wmissing-prototypes"));
        // No soname: once loaded by its path, it would be this process's libnvidia-ml.so.1 for whoever asks by name.
        command.addAll(List.of("-shared", "-fPIC", "-pthread"));
        command.add("-Wl,--version-script=" + exports);
        command.addAll(List.of("-o", fresh.toString()));
        command.addAll(sources());
        Command.run(command);
        move(fresh, library);
        return library;
    }

    private static List<String> sources() {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".c"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that has the old file mapped goes on with the old one. */
    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void replace(Path from, Path to) {
        try {
            Path fresh = to.resolveSibling(NAME + "." + ProcessHandle.current().pid());
            Files.copy(from, fresh, StandardCopyOption.REPLACE_EXISTING);
            move(fresh, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiled once, when first asked for. */
    private static final class Whole {
        static final Path LIBRARY = compile(created("whole"), "*;");
    }
}
