package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The series of one GPU, page after page. One that is as it was on the page before is the same object, and so are labels
 * that say the same: most of a page is nothing new.
 */
final class GpuSeries {
    private final LabelNames names;
    private final int index;
    private final String uuid;
    private final String gpu;

    /** As they came last: most pages bring the same in the same order. */
    private final List<Known> asTheyCame = new ArrayList<>();

    private int came;

    GpuSeries(DeviceReading device, LabelNames names) {
        this.names = names;
        this.index = device.index();
        this.uuid = device.uuid();
        this.gpu = Integer.toString(index);
    }

    /** A series, and what it was made of. */
    private static final class Known {
        private Sample sample;
        private final Optional<Workload> owner;
        private Series series;

        Known(Sample sample, Optional<Workload> owner, Series series) {
            this.sample = sample;
            this.owner = owner;
            this.series = series;
        }

        boolean hasLabelsOf(Sample other, Optional<Workload> otherOwner) {
            return sample.metric() == other.metric()
                    && sample.labels().equals(other.labels())
                    && sample.mig().equals(other.mig())
                    && owner.equals(otherOwner);
        }
    }

    boolean isOf(DeviceReading device) {
        return index == device.index() && uuid.equals(device.uuid());
    }

    void beginPage() {
        asTheyCame.subList(came, asTheyCame.size()).clear();
        came = 0;
    }

    /** Of nobody's. */
    Series of(Sample sample) {
        return of(sample, sample.value(), Optional.empty());
    }

    /** @param value in place of the sample's own */
    Series of(Sample sample, double value, Optional<Workload> owner) {
        Known known = came < asTheyCame.size() ? asTheyCame.get(came) : null;
        if (known == null) {
            known = made(sample, value, owner);
            asTheyCame.add(known);
        } else if (!known.hasLabelsOf(sample, owner)) {
            known = made(sample, value, owner);
            asTheyCame.set(came, known);
        }
        came++;
        known.sample = sample;
        known.series = known.series.with(value);
        return known.series;
    }

    private Known made(Sample sample, double value, Optional<Workload> owner) {
        GpuMetric metric = sample.metric();
        return new Known(
                sample, owner, new Series(metric, names.of(metric, owner.isPresent()), values(sample, owner), value));
    }

    private List<String> values(Sample sample, Optional<Workload> owner) {
        List<String> values = new ArrayList<>();
        values.add(gpu);
        values.add(uuid);
        sample.mig().ifPresent(mig -> values.addAll(mig.labels()));
        values.addAll(sample.labels());
        owner.ifPresent(workload -> values.addAll(List.of(workload.namespace(), workload.pod(), workload.container())));
        return List.copyOf(values);
    }
}
