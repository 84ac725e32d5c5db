package dev.gpuexporter.collection;

import dev.gpuexporter.nvml.DriverVersions;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.nvml.Nvml;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.NvmlNotFoundException;
import dev.gpuexporter.nvml.NvmlReturn.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Opens NVML, closes it, and opens it again, on a thread of its own: any of these may take seconds or for ever. One is
 * under way at a time.
 */
final class NvmlSession {
    private final NvmlSource source;
    private final Host host;
    private final ExecutorService thread;
    private volatile Nvml nvml;
    private volatile boolean everOpen;

    NvmlSession(NvmlSource source, Host host) {
        this.source = source;
        this.host = host;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread session = new Thread(task, "nvml");
            session.setDaemon(true);
            return session;
        });
    }

    /** An open NVML: who answers, and for how many GPUs. */
    record Opened(Nvml nvml, DriverVersions versions, int devices) {}

    /** What became of an attempt to open NVML: it is open, or the problem, and whether only a new process helps. */
    record Outcome(Optional<Opened> opened, String problem, boolean needsNewProcess) {}

    /** Lets go of NVML where it is open, then opens it; {@code done} is called on the session's thread. */
    void open(Duration patience, Consumer<Outcome> done) {
        thread.execute(() -> done.accept(tryToOpen(patience)));
    }

    private Outcome tryToOpen(Duration patience) {
        try {
            if (nvml == null) {
                nvml = new Nvml(source.load(), host);
            } else if (!nvml.close(patience)) {
                return failed("a call still hangs inside NVML", false);
            }
            nvml.open();
            try (Nvml.Visit visit = nvml.enter()) {
                Opened opened = new Opened(nvml, nvml.versions(), nvml.deviceCount());
                everOpen = true;
                return new Outcome(Optional.of(opened), "", false);
            }
        } catch (NvmlNotFoundException e) {
            return failed("NVML not found: " + e.getMessage(), false);
        } catch (UnsatisfiedLinkError e) { // a library by that name that is not NVML
            nvml = null;
            return failed("NVML cannot be used: " + e.getMessage(), false);
        } catch (NvmlException e) {
            boolean mismatch = e.kind() == Kind.VERSION_MISMATCH;
            return failed(
                    mismatch ? e.getMessage() + ": the library is not the loaded kernel module's" : e.getMessage(),
                    mismatch && everOpen);
        }
    }

    private static Outcome failed(String problem, boolean needsNewProcess) {
        return new Outcome(Optional.empty(), problem, needsNewProcess);
    }

    /** Lets go of NVML for good; false where somebody is inside and stays there. */
    boolean close(Duration patience) {
        Duration forOthersToLeave = patience.multipliedBy(4).dividedBy(5); // the rest is for the shutdown itself
        Future<Boolean> closed = thread.submit(() -> nvml == null || nvml.close(forOthersToLeave));
        try {
            return closed.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) { // it hangs in opening, or in closing
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
