package dev.gpuexporter.kubernetes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** What a kubelet 1.32.13 answered: bare protobuf messages. Its plugins and pods are in the README beside them. */
final class Recordings {
    private Recordings() {}

    static InputStream open(String name) {
        return new ByteArrayInputStream(read(name));
    }

    static byte[] read(String name) {
        try (InputStream recording = Recordings.class.getResourceAsStream("/kubelet-1.32/" + name)) {
            return Objects.requireNonNull(recording, name).readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
