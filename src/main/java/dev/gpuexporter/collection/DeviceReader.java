package dev.gpuexporter.collection;

import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.GpuMetric.Type;
import dev.gpuexporter.metrics.GpuReading;
import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.Field;
import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.NvmlReturn.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Reads the metrics of one GPU, row by row; one that fails leaves the others whole. */
final class DeviceReader {
    /** After this long a reading that was not supported is asked for again. */
    private static final Duration ASK_AGAIN = Duration.ofHours(1);

    private static final String MIG_MODE = "gpu_mig_enabled";

    /** When one of these changes, what is supported changes with it. */
    private static final Set<String> MODES = Set.of(MIG_MODE, "gpu_ecc_enabled", "gpu_nvlink_up");

    private final NvmlDevice device;
    private final Supplier<List<GpuMetric>> wanted;
    private final MigReader mig;
    private final ReadingErrors errors;
    private final Peaks peaks;
    private final Set<NvmlException> failures = new HashSet<>();
    private List<GpuMetric> metrics = List.of();
    private List<Row> rows = List.of();
    private boolean countsProcesses;
    private int mostSamples;
    private Optional<Modes> modes = Optional.empty();
    private boolean fieldsAreKnown;
    private long askedAgainNanos = System.nanoTime();

    /** @param wanted those metrics that are switched on; another list where they are others */
    DeviceReader(NvmlDevice device, Supplier<List<GpuMetric>> wanted, ReadingErrors errors, Peaks peaks) {
        this.device = device;
        this.wanted = wanted;
        this.mig = new MigReader(device.identity().toString(), device.migDevices(), errors);
        this.errors = errors;
        this.peaks = peaks;
    }

    private void choose(List<GpuMetric> chosen) {
        metrics = chosen;
        rows = chosen.stream()
                .flatMap(metric -> metric.gpuReading().map(reading -> new Row(metric, reading, peaks)).stream())
                .toList();
        countsProcesses = rows.stream().anyMatch(row -> row.metric.group() == Group.PROCESSES);
        mig.choose(chosen.stream()
                .filter(metric -> metric.migReading().isPresent())
                .toList());
        fieldsAreKnown = false;
    }

    private record Row(GpuMetric metric, GpuReading reading, CollectedSamples samples, boolean isMode) {
        Row(GpuMetric metric, GpuReading reading, Peaks peaks) {
            this(metric, reading, new CollectedSamples(metric, peaks), MODES.contains(metric.name()));
        }
    }

    /** The GPU's modes, and into which parts it is cut. */
    private record Modes(List<Sample> samples, List<MigPart> mig) {
        boolean are(Modes others) {
            return samples.equals(others.samples) && mig.equals(others.mig);
        }
    }

    /**
     * One poll.
     *
     * @throws NvmlException where the GPU, or the driver, answers no more, or the handle went stale
     */
    DeviceReading read() throws NvmlException {
        List<GpuMetric> now = wanted.get();
        if (now != metrics) {
            choose(now);
        }
        askAgainFromTimeToTime();
        device.beginPoll();
        failures.clear();
        if (!fieldsAreKnown) {
            wantFields();
        }
        List<Sample> samples = new ArrayList<>(mostSamples);
        List<Sample> told = new ArrayList<>();
        for (Row row : rows) {
            int before = samples.size();
            row.samples.beginPoll(samples);
            try {
                row.reading.read(device, row.samples);
            } catch (NvmlException e) {
                take(e);
            }
            if (row.isMode) {
                told.addAll(samples.subList(before, samples.size()));
            }
        }
        MigReader.Answer cut = mig.read(isMigEnabled(told));
        samples.addAll(cut.samples());
        mostSamples = Math.max(mostSamples, samples.size());
        noticeModes(new Modes(told, cut.parts()));
        return new DeviceReading(
                device.identity().index(),
                Optional.of(device.identity()),
                Optional.of(device.versions()),
                Optional.empty(),
                cut.parts(),
                samples,
                processes(),
                DeviceHistory.NONE);
    }

    /** Asks nothing that the count of processes has not asked before. */
    private Optional<List<DeviceProcess>> processes() {
        if (!countsProcesses) {
            return Optional.empty();
        }
        try {
            return device.processes()
                    .all()
                    .map(all -> all.stream().map(DeviceProcess::of).toList());
        } catch (NvmlException e) { // counted and said with the metric
            return Optional.empty();
        }
    }

    /** Gives back what NVML holds for the device; on the thread that reads, inside NVML. */
    void release() {
        device.release();
    }

    private static boolean isMigEnabled(List<Sample> samples) {
        return samples.stream().anyMatch(sample -> sample.metric().name().equals(MIG_MODE) && sample.value() == 1);
    }

    /** Asks how many links there are and such; where that fails, the others are read, and the next poll asks again. */
    private void wantFields() throws NvmlException {
        Set<Field> wanted = new LinkedHashSet<>();
        Set<Field> counters = new HashSet<>();
        fieldsAreKnown = true;
        for (Row row : rows) {
            try {
                List<Field> fields = row.metric.fields().of(device);
                wanted.addAll(fields);
                if (row.metric.type() == Type.COUNTER) {
                    counters.addAll(fields);
                }
            } catch (NvmlException e) {
                take(e);
                fieldsAreKnown = false;
            }
        }
        device.wantFields(wanted, counters);
    }

    /** Leaves out what one call did not tell, and throws where there is nothing more to tell. */
    private void take(NvmlException e) throws NvmlException {
        if (concernsTheWholeDevice(e.kind())) {
            throw e;
        }
        if (failures.add(e)) { // one call may stand behind several metrics
            errors.countAndSay(device.identity().toString(), e, "what it tells is left out");
        }
    }

    private static boolean concernsTheWholeDevice(Kind kind) {
        return switch (kind) {
            case GPU_LOST, DRIVER_GONE, VERSION_MISMATCH, INVALID_ARGUMENT -> true;
            default -> false;
        };
    }

    private void askAgainFromTimeToTime() {
        long now = System.nanoTime();
        if (now - askedAgainNanos > TimeUnit.HOURS.toNanos(ASK_AGAIN.toHours())) {
            askedAgainNanos = now;
            forgetUnsupported();
        }
    }

    private void noticeModes(Modes now) {
        if (modes.filter(before -> !before.are(now)).isPresent()) {
            forgetUnsupported();
        }
        modes = Optional.of(now);
    }

    private void forgetUnsupported() {
        device.forgetUnsupported();
        fieldsAreKnown = false;
    }
}
