package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the compiled library misbehaves as it is told to: whole-process tests lean on that. */
class CompiledNvmlTest {
    private final CEnvironment environment = new CEnvironment();
    private final Memory out = new Memory(128);

    @TempDir
    private Path directory;

    @AfterEach
    void forgetTheEnvironment() {
        environment.close();
    }

    @Test
    void hasAsManyGpusAsItIsTold() {
        environment.with("FAKE_NVML_GPUS", "3");
        NvmlLibrary nvml = started("behaviour");
        assertThat(nvml.nvmlDeviceGetCount_v2(out)).isZero();
        assertThat(out.getInt(0)).isEqualTo(3);
        assertThat(nvml.nvmlDeviceGetHandleByIndex_v2(2, out)).isZero();
        assertThat(nvml.nvmlDeviceGetHandleByIndex_v2(3, out)).isEqualTo(NvmlReturn.INVALID_ARGUMENT.code());
        nvml.nvmlShutdown();
    }

    @Test
    void losesAGpuAndKeepsTheOther() {
        NvmlLibrary nvml = started("behaviour");
        Pointer first = device(nvml, 0);
        Pointer second = device(nvml, 1);
        environment.with("FAKE_NVML_LOST", "1");
        nvml.nvmlInit_v2();
        assertThat(nvml.nvmlDeviceGetPowerUsage(second, out)).isEqualTo(NvmlReturn.GPU_IS_LOST.code());
        assertThat(nvml.nvmlDeviceGetHandleByIndex_v2(1, out)).isEqualTo(NvmlReturn.GPU_IS_LOST.code());
        assertThat(nvml.nvmlDeviceGetPowerUsage(first, out)).isZero();
        nvml.nvmlShutdown();
        nvml.nvmlShutdown();
    }

    @Test
    void countsAGpuThatItDenies() {
        environment.with("FAKE_NVML_DENIED", "0");
        NvmlLibrary nvml = started("behaviour");
        assertThat(nvml.nvmlDeviceGetCount_v2(out)).isZero();
        assertThat(out.getInt(0)).isEqualTo(2);
        assertThat(nvml.nvmlDeviceGetHandleByIndex_v2(0, out)).isEqualTo(NvmlReturn.NO_PERMISSION.code());
        assertThat(nvml.nvmlDeviceGetHandleByIndex_v2(1, out)).isZero();
        nvml.nvmlShutdown();
    }

    @Test
    void takesItsTime() {
        environment.with("FAKE_NVML_DELAY_US", "30000");
        NvmlLibrary nvml = started("behaviour");
        long start = System.nanoTime();
        nvml.nvmlDeviceGetCount_v2(out);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
        nvml.nvmlShutdown();
    }

    @Test
    void writesDownEveryCall() throws IOException {
        Path trace = directory.resolve("trace");
        environment.with("FAKE_NVML_TRACE", trace.toString());
        NvmlLibrary nvml = started("behaviour");
        nvml.nvmlDeviceGetPowerUsage(device(nvml, 1), out);
        nvml.nvmlShutdown();
        assertThat(trace).hasContent("""
                        nvmlInit_v2
                        nvmlDeviceGetHandleByIndex_v2:1
                        nvmlDeviceGetPowerUsage:1
                        nvmlShutdown
                        """);
    }

    @Test
    void needsAsManyShutdownsAsItHadInits() {
        NvmlLibrary nvml = started("behaviour");
        nvml.nvmlInit_v2();
        assertThat(nvml.nvmlShutdown()).isZero();
        assertThat(nvml.nvmlDeviceGetCount_v2(out)).isZero();
        assertThat(nvml.nvmlShutdown()).isZero();
        assertThat(nvml.nvmlShutdown()).isEqualTo(NvmlReturn.UNINITIALIZED.code());
    }

    @Test
    void blocksOneFunctionOfOneGpuForEverAndReportsAShutdownMeanwhile() throws Exception {
        Path trace = directory.resolve("trace");
        environment.with("FAKE_NVML_TRACE", trace.toString());
        environment.with("FAKE_NVML_BLOCK", "nvmlDeviceGetNumFans:0,nvmlDeviceGetPowerUsage:1");
        NvmlLibrary nvml = started("blocking");
        Pointer second = device(nvml, 1);
        assertThat(nvml.nvmlDeviceGetPowerUsage(device(nvml, 0), out)).isZero();
        assertThat(nvml.nvmlDeviceGetNumFans(second, out)).isZero();

        CountDownLatch returned = new CountDownLatch(1);
        Thread reader = new Thread(() -> {
            nvml.nvmlDeviceGetPowerUsage(second, new Memory(8));
            returned.countDown();
        });
        reader.setDaemon(true);
        reader.start();
        assertThat(returned.await(300, TimeUnit.MILLISECONDS)).isFalse();
        reader.interrupt();
        assertThat(returned.await(50, TimeUnit.MILLISECONDS)).isFalse();

        nvml.nvmlShutdown();
        assertThat(Files.readAllLines(trace))
                .endsWith(
                        "nvmlDeviceGetPowerUsage:1", "VIOLATION nvmlShutdown while 1 calls are inside", "nvmlShutdown");
    }

    /** Of a library in memory of its own: a call that blocks for ever must not haunt the other tests. */
    private static NvmlLibrary started(String copy) {
        NvmlLibrary nvml = CompiledNvml.load(CompiledNvml.copy(copy));
        assertThat(nvml.nvmlInit_v2()).isZero();
        return nvml;
    }

    private Pointer device(NvmlLibrary nvml, int index) {
        assertThat(nvml.nvmlDeviceGetHandleByIndex_v2(index, out)).isZero();
        return out.getPointer(0);
    }
}
