package dev.gpuexporter.exposition;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which exporter this is; {@code revision} is empty where the build did not know it. */
public record BuildInfo(String version, String revision, String java) {
    /** As the build wrote it beside the classes. */
    public static BuildInfo load() {
        Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream("/build.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildInfo(
                properties.getProperty("version"),
                properties.getProperty("revision"),
                System.getProperty("java.version"));
    }
}
