package dev.gpuexporter.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Small files that were read together, and whether any of them has changed since. */
final class NamedFiles {
    private static final long MOST_BYTES = 1 << 20;

    private final Path directory;
    private final Map<Path, byte[]> contents = new HashMap<>();

    /** @param directory what their paths are relative to */
    NamedFiles(Path directory) {
        this.directory = directory;
    }

    /** @throws IOException with a message for whoever named the file */
    byte[] read(String path) throws IOException {
        Path file = directory.resolve(path);
        byte[] bytes = bytes(file);
        contents.put(file, bytes);
        return bytes;
    }

    /** Compares bytes: a Secret's files change by a link above them, and times of files are coarse. */
    boolean changed() {
        return contents.entrySet().stream().anyMatch(file -> {
            try {
                return !Arrays.equals(file.getValue(), bytes(file.getKey()));
            } catch (IOException e) {
                return true;
            }
        });
    }

    private static byte[] bytes(Path file) throws IOException {
        try {
            // Whoever names a device, or a disk's image, means another file.
            if (Files.exists(file) && (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES)) {
                throw new IOException(Files.isDirectory(file) ? "is a directory" : "is no file of up to 1 MiB");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException("no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException("this user may not read it", e);
        }
    }
}
