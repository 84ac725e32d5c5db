package dev.gpuexporter.collection;

import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.metrics.Samples;
import dev.gpuexporter.nvml.DriverSample;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Gathers what one metric has on one GPU, poll after poll; what no driver can mean is left out. A sample that is as it
 * was in the poll before is the same object, and so are labels that say the same: most of a poll is nothing new.
 */
final class CollectedSamples implements Samples {
    private final GpuMetric metric;
    private final Peaks peaks;

    /** As they came last: most polls bring the same labels in the same order. */
    private final List<Sample> asTheyCame = new ArrayList<>();

    private List<Sample> collected = List.of();
    private int came;

    CollectedSamples(GpuMetric metric, Peaks peaks) {
        this.metric = metric;
        this.peaks = peaks;
    }

    /** @param into where the samples of this poll go */
    void beginPoll(List<Sample> into) {
        collected = into;
        came = 0;
    }

    @Override
    public void add(double value) {
        add(value, List.of());
    }

    @Override
    public void add(double value, String label) {
        List<String> known = labelsBefore();
        boolean same = known.size() == 1 && known.get(0).equals(label);
        add(value, same ? known : List.of(label));
    }

    @Override
    public void add(double value, String first, String second) {
        List<String> known = labelsBefore();
        boolean same =
                known.size() == 2 && known.get(0).equals(first) && known.get(1).equals(second);
        add(value, same ? known : List.of(first, second));
    }

    @Override
    public void add(double value, String... labels) {
        List<String> known = labelsBefore();
        add(value, saysTheSame(known, labels) ? known : List.of(labels));
    }

    private static boolean saysTheSame(List<String> known, String[] labels) {
        boolean same = known.size() == labels.length;
        for (int i = 0; same && i < labels.length; i++) {
            same = known.get(i).equals(labels[i]);
        }
        return same;
    }

    @Override
    public void addPeak(List<DriverSample> sampled, OptionalDouble polled, String... labels) {
        peaks.with(metric, List.of(labels), sampled, polled).ifPresent(this::take);
    }

    private List<String> labelsBefore() {
        return came < asTheyCame.size() ? asTheyCame.get(came).labels() : List.of();
    }

    private void add(double value, List<String> labels) {
        if (metric.canBe(value)) {
            boolean same = came < asTheyCame.size() && isSame(asTheyCame.get(came), value, labels);
            take(same ? asTheyCame.get(came) : new Sample(metric, labels, value));
        }
    }

    private static boolean isSame(Sample before, double value, List<String> labels) {
        return before.labels() == labels
                && Double.compare(before.value(), value) == 0
                && before.peak().falling().isEmpty();
    }

    private void take(Sample sample) {
        if (came < asTheyCame.size()) {
            asTheyCame.set(came, sample);
        } else {
            asTheyCame.add(sample);
        }
        came++;
        collected.add(sample);
    }
}
