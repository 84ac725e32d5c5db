package dev.gpuexporter.exposition;

import java.io.OutputStream;
import java.util.Arrays;

/** A page while it is written. Keeps its room for the next; for one thread, unlike those of the JDK. */
final class PageBuffer extends OutputStream {
    private byte[] bytes = new byte[8192];
    private int length;

    void clear() {
        length = 0;
    }

    @Override
    public void write(int one) {
        reserve(1);
        bytes[length++] = (byte) one;
    }

    @Override
    public void write(byte[] from) {
        write(from, 0, from.length);
    }

    @Override
    public void write(byte[] from, int start, int count) {
        reserve(count);
        System.arraycopy(from, start, bytes, length, count);
        length += count;
    }

    /** Takes back what was written last. */
    void remove(int count) {
        length -= count;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    byte[] gzipped() {
        return Gzip.of(bytes, length);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
