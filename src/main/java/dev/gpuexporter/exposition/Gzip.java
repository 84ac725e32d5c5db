package dev.gpuexporter.exposition;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Pages as they are sent, and back. */
final class Gzip {
    private Gzip() {}

    static byte[] of(byte[] page) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(page.length / 8 + 64);
        try (OutputStream out = to(bytes)) {
            out.write(page);
        } catch (IOException e) { // memory does not fail so
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** To be closed when all is written. */
    static OutputStream to(OutputStream out) throws IOException {
        return new Fast(out);
    }

    /** What was made of it. */
    static byte[] plain(byte[] zipped) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped), 8192)) {
            return in.readAllBytes();
        } catch (IOException e) { // it is our own
            throw new UncheckedIOException(e);
        }
    }

    /** A page is sent a few times at most, so the quickest level pays. */
    private static final class Fast extends GZIPOutputStream {
        Fast(OutputStream out) throws IOException {
            super(out, 8192);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
