package dev.gpuexporter.nvml;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.ProcessUtilizationInfo;
import dev.gpuexporter.nvml.NvmlStructs.ProcessUtilizationSample;
import dev.gpuexporter.nvml.NvmlStructs.ProcessesUtilizationInfo;
import dev.gpuexporter.nvml.Struct.Member;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How busy each process has kept a GPU since the poll before. The driver is asked for what is newer than the newest
 * sample it gave last time; asked for everything it answers a mean over a buffer of minutes, which the first poll
 * therefore throws away.
 */
final class ProcessUtilization {
    private static final int FIRST_ROOM = 64;
    private static final int MOST_TRIES = 4;

    /** More than a driver keeps; one that names more is not to take the exporter\'s memory. */
    private static final int MOST = 16_384;

    private static final int ALL = 100;

    private final NvmlLibrary nvml;
    private final DeviceCalls calls;
    private final Memory count = new Memory(Integer.BYTES);
    private final Memory request = new Memory(ProcessesUtilizationInfo.LAYOUT.size());
    private Memory samples = new Memory((long) FIRST_ROOM * ProcessUtilizationInfo.LAYOUT.size());
    private long newestMicros;

    ProcessUtilization(NvmlLibrary nvml, DeviceCalls calls) {
        this.nvml = nvml;
        this.calls = calls;
    }

    /** Of one process, 0–1; empty where the driver wrote what cannot be. */
    record Rates(long timeMicros, OptionalDouble sm, OptionalDouble memory) {
        static final Rates IDLE = new Rates(0, OptionalDouble.of(0), OptionalDouble.of(0));
        static final Rates UNKNOWN = new Rates(0, OptionalDouble.empty(), OptionalDouble.empty());
    }

    /** What is newer than the newest sample would come only once time has caught up: begins anew. */
    void clockWasSetBack() {
        newestMicros = 0;
    }

    /** By PID; who is not in it did nothing. Empty where the driver does not know, or does not yet. */
    Optional<Map<Long, Rates>> byPid() throws NvmlException {
        Optional<Optional<Map<Long, Rates>>> newer = ask(Layout.INFO, this::readInfo);
        return (newer.isPresent() ? newer : ask(Layout.SAMPLE, this::readSamples)).orElse(Optional.empty());
    }

    /** Where a sample's numbers are. */
    private enum Layout {
        INFO(
                "nvmlDeviceGetProcessesUtilizationInfo",
                ProcessUtilizationInfo.LAYOUT,
                ProcessUtilizationInfo.PID,
                ProcessUtilizationInfo.TIME_STAMP,
                ProcessUtilizationInfo.SM_UTIL,
                ProcessUtilizationInfo.MEM_UTIL),
        SAMPLE(
                "nvmlDeviceGetProcessUtilization",
                ProcessUtilizationSample.LAYOUT,
                ProcessUtilizationSample.PID,
                ProcessUtilizationSample.TIME_STAMP,
                ProcessUtilizationSample.SM_UTIL,
                ProcessUtilizationSample.MEM_UTIL);

        private final String function;
        private final int size;
        private final Member pid;
        private final Member time;
        private final Member sm;
        private final Member memory;

        Layout(String function, Struct struct, Member pid, Member time, Member sm, Member memory) {
            this.function = function;
            this.size = struct.size();
            this.pid = pid;
            this.time = time;
            this.sm = sm;
            this.memory = memory;
        }
    }

    /** Asks for what is newer than {@code newestMicros} and says how many samples there are, or would be. */
    @FunctionalInterface
    private interface Ask {
        int call(int room);
    }

    private Optional<Optional<Map<Long, Rates>>> ask(Layout layout, Ask ask) throws NvmlException {
        return calls.questions().ask(layout.function, () -> sinceLast(ask, layout));
    }

    private Optional<Map<Long, Rates>> sinceLast(Ask ask, Layout layout) throws NvmlException {
        NvmlReturn code = NvmlReturn.INSUFFICIENT_SIZE;
        for (int tries = 0; code == NvmlReturn.INSUFFICIENT_SIZE && tries < MOST_TRIES; tries++) {
            samples.clear();
            int room = (int) (samples.size() / layout.size);
            code = NvmlReturn.of(ask.call(room));
            if (code == NvmlReturn.INSUFFICIENT_SIZE) {
                samples = new Memory(2L * Math.max(NvmlBuffer.count(count, MOST), room) * layout.size);
            }
        }
        if (code == NvmlReturn.NOT_FOUND) { // nobody has used the GPU since
            return Optional.of(Map.of());
        }
        DeviceCalls.check(layout.function, code.code());
        boolean first = newestMicros == 0;
        Map<Long, Rates> rates = decode(layout);
        return first ? Optional.empty() : Optional.of(rates);
    }

    private Map<Long, Rates> decode(Layout layout) {
        Map<Long, Rates> rates = new HashMap<>();
        long seen = newestMicros;
        int written = NvmlBuffer.count(count, (int) (samples.size() / layout.size));
        for (int i = 0; i < written; i++) {
            Pointer sample = samples.share((long) i * layout.size);
            long time = layout.time.u64(sample);
            if (time <= seen) {
                continue; // known, or a place that the driver did not fill
            }
            newestMicros = Math.max(newestMicros, time);
            Rates next = new Rates(time, ratio(layout.sm.u32(sample)), ratio(layout.memory.u32(sample)));
            rates.merge(layout.pid.u32(sample), next, (a, b) -> a.timeMicros() > b.timeMicros() ? a : b);
        }
        return rates;
    }

    /** Drivers were seen to answer far more than there is. */
    private static OptionalDouble ratio(long percent) {
        return percent > ALL ? OptionalDouble.empty() : OptionalDouble.of(percent / 100.0);
    }

    private int readInfo(int room) {
        ProcessesUtilizationInfo.VERSION.set(request, ProcessesUtilizationInfo.LAYOUT.version(1));
        ProcessesUtilizationInfo.PROCESS_SAMPLES_COUNT.set(request, room);
        ProcessesUtilizationInfo.LAST_SEEN_TIME_STAMP.set(request, newestMicros);
        ProcessesUtilizationInfo.PROC_UTIL_ARRAY.set(request, Pointer.nativeValue(samples));
        int code = nvml.nvmlDeviceGetProcessesUtilizationInfo(calls.handle(), request);
        count.setInt(0, ProcessesUtilizationInfo.PROCESS_SAMPLES_COUNT.s32(request));
        return code;
    }

    private int readSamples(int room) {
        count.setInt(0, room);
        return nvml.nvmlDeviceGetProcessUtilization(calls.handle(), samples, count, newestMicros);
    }
}
