package dev.gpuexporter.exposition;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Passes a page on in larger pieces than it is written in; for one thread, unlike those of the JDK. */
final class PageBuffer extends OutputStream {
    private final OutputStream to;
    private final byte[] bytes = new byte[8192];
    private int length;

    /** @param to memory, which does not fail */
    PageBuffer(OutputStream to) {
        this.to = to;
    }

    @Override
    public void write(int one) {
        if (length == bytes.length) {
            flush();
        }
        bytes[length++] = (byte) one;
    }

    @Override
    public void write(byte[] from) {
        write(from, 0, from.length);
    }

    @Override
    public void write(byte[] from, int start, int count) {
        if (count > bytes.length - length) {
            flush();
        }
        if (count > bytes.length) {
            pass(from, start, count);
        } else {
            System.arraycopy(from, start, bytes, length, count);
            length += count;
        }
    }

    @Override
    public void flush() {
        pass(bytes, 0, length);
        length = 0;
    }

    private void pass(byte[] from, int start, int count) {
        try {
            to.write(from, start, count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
