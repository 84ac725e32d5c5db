package dev.gpuexporter.collection;

import dev.gpuexporter.nvml.DriverVersions;
import dev.gpuexporter.nvml.Nvml;
import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.NvmlReturn;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One GPU's thread: it finds the GPU and reads it. A call that hangs holds up this thread alone, and nothing is started
 * behind it. Everything but the reading itself happens on the poller's thread.
 */
final class DeviceWorker {
    private static final Logger log = LoggerFactory.getLogger(DeviceWorker.class);

    private final int index;
    private final Nvml nvml;
    private final DriverVersions versions;
    private final Function<NvmlDevice, DeviceReader> readers;
    private final Optional<EventRegistration> events;
    private final ExecutorService thread;
    private volatile boolean clockWasSetBack;
    private boolean busy;
    private boolean failing;
    private DeviceReader reader;
    private NvmlDevice device;

    /**
     * @param readers makes a reader of a device that has been found
     * @param events empty where nobody wants to know of them
     */
    DeviceWorker(
            int index,
            Nvml nvml,
            DriverVersions versions,
            Function<NvmlDevice, DeviceReader> readers,
            Optional<EventRegistration> events) {
        this.index = index;
        this.nvml = nvml;
        this.versions = versions;
        this.readers = readers;
        this.events = events;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread worker = new Thread(task, "gpu-" + index);
            worker.setDaemon(true);
            return worker;
        });
    }

    /** What became of a poll: a reading or a failure. */
    record Answer(DeviceReading reading, NvmlException failure) {}

    int index() {
        return index;
    }

    boolean isBusy() {
        return busy;
    }

    /** Starts a poll; {@code done} is called on the worker's thread and must call {@link #answered()} on the poller's. */
    void poll(Consumer<Answer> done) {
        busy = true;
        thread.execute(() -> done.accept(read()));
    }

    /** To be taken up with the next poll. */
    void clockWasSetBack() {
        clockWasSetBack = true;
    }

    void answered() {
        busy = false;
    }

    /** Lets the thread end, once it can; nothing of NVML's is left behind where it is open still. */
    void retire() {
        if (thread.isShutdown()) {
            return;
        }
        events.ifPresent(EventRegistration::retire);
        if (thread.isShutdown()) {
            return;
        }
        thread.execute(() -> {
            try (Nvml.Visit visit = nvml.enter()) {
                letGo();
            } catch (NvmlException e) { // what it held, it took with it
                reader = null;
            }
        });
        thread.shutdown();
    }

    private Answer read() {
        try (Nvml.Visit visit = nvml.enter()) {
            return readInside();
        } catch (NvmlException e) {
            reader = null;
            return new Answer(null, e);
        }
    }

    private Answer readInside() {
        try {
            if (reader == null) {
                device = nvml.device(index, versions);
                events.ifPresent(EventRegistration::retire); // it is of a handle that may be void
                reader = readers.apply(device);
            }
            if (events.isPresent()) {
                events.get().keep(device);
            }
            if (clockWasSetBack) {
                clockWasSetBack = false;
                device.processes().clockWasSetBack();
            }
            DeviceReading reading = reader.read();
            failing = false;
            return new Answer(reading, null);
        } catch (NvmlException e) {
            letGo(); // the handle may be another when the GPU is back
            return new Answer(null, e);
        } catch (RuntimeException | LinkageError e) { // a defect of ours must not read as a GPU that hangs for ever
            if (!failing) {
                log.error("GPU {}: reading it fails in the exporter itself; trying again", index, e);
            }
            failing = true;
            letGo();
            return new Answer(null, new NvmlException("gpu-exporter", NvmlReturn.UNKNOWN));
        }
    }

    private void letGo() {
        if (reader != null) {
            reader.release();
        }
        reader = null;
    }
}
