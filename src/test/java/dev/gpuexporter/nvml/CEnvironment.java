package dev.gpuexporter.nvml;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.ArrayList;
import java.util.List;

/** Environment variables as C sees them in this process, until closed; Java's own view of them never changes. */
final class CEnvironment implements AutoCloseable {
    private interface CLibrary extends Library {
        int setenv(String name, String value, int overwrite);

        int unsetenv(String name);
    }

    private final CLibrary c = Native.load(Platform.C_LIBRARY_NAME, CLibrary.class);
    private final List<String> names = new ArrayList<>();

    CEnvironment with(String name, String value) {
        c.setenv(name, value, 1);
        names.add(name);
        return this;
    }

    @Override
    public void close() {
        names.forEach(c::unsetenv);
    }
}
