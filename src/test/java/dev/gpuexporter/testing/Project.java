package dev.gpuexporter.testing;

import java.nio.file.Path;

/** Where the project lies, whatever directory the tests were started in. */
public final class Project {
    private Project() {}

    public static Path directory() {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    }

    /** Where tests leave what they build. */
    public static Path target() {
        return directory().resolve("target");
    }
}
