package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.metrics.DeviceMetrics;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.metrics.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/** What DCGM's series are said of: a GPU or, where it is cut up, each of its GPU instances and not the GPU. */
final class DcgmEntity {
    private final DeviceReading gpu;
    private final Optional<MigPart> part;
    private final Map<String, List<Sample>> samples;
    private final Recent recent;
    private final int gpus;

    private DcgmEntity(
            DeviceReading gpu, Optional<MigPart> part, Map<String, List<Sample>> samples, Recent recent, int gpus) {
        this.gpu = gpu;
        this.part = part;
        this.samples = samples;
        this.recent = recent;
        this.gpus = gpus;
    }

    /**
     * None for a GPU that never said who it is.
     *
     * @param gpus how many the node has
     */
    static List<DcgmEntity> of(DeviceReading gpu, Recent recent, int gpus) {
        if (gpu.info().isEmpty()) {
            return List.of();
        }
        Map<String, List<Sample>> samples = new HashMap<>();
        gpu.samples().forEach(sample -> samples.computeIfAbsent(sample.metric().name(), name -> new ArrayList<>())
                .add(sample));
        if (gpu.mig().isEmpty()) {
            return List.of(new DcgmEntity(gpu, Optional.empty(), samples, recent, gpus));
        }
        SortedMap<Integer, MigPart> instances = new TreeMap<>();
        gpu.mig().stream()
                .sorted(Comparator.comparing(MigPart::computeInstance))
                .forEach(part -> instances.putIfAbsent(part.gpuInstance(), part));
        return instances.values().stream()
                .map(part -> new DcgmEntity(gpu, Optional.of(part), samples, recent, gpus))
                .toList();
    }

    DeviceReading gpu() {
        return gpu;
    }

    /** The first compute instance of the GPU instance; empty for a GPU. */
    Optional<MigPart> part() {
        return part;
    }

    /** Of a GPU instance: 3g.40gb, also where its compute instance is called 1c.3g.40gb. */
    Optional<String> profile() {
        return part.map(its -> its.profile().replaceFirst("^\\d+c\\.", ""));
    }

    /** What {@code gpu_info} says under this label; empty where the driver does not. */
    String info(String label) {
        int position = DeviceMetrics.INFO.labels().indexOf(label);
        return gpu.info().orElseThrow().labels().get(position);
    }

    /** What is remembered of the GPU's last polls. */
    Recent recent() {
        return recent;
    }

    int gpus() {
        return gpus;
    }

    boolean isUp() {
        return gpu.isUp();
    }

    /** One value of the GPU, of a GPU instance its parent's; the labels are the metric's own. */
    OptionalDouble value(String metric, String... labels) {
        List<String> wanted = List.of(labels);
        for (Sample sample : samples.getOrDefault(metric, List.of())) {
            if (sample.labels().equals(wanted)) {
                return OptionalDouble.of(sample.value());
            }
        }
        return OptionalDouble.empty();
    }

    /** One value that GPUs and GPU instances each have of their own, by its name without {@code gpu_} or {@code gpu_mig_}. */
    OptionalDouble own(String stem, String... labels) {
        if (part.isEmpty()) {
            return value("gpu_" + stem, labels);
        }
        List<String> wanted = List.of(labels);
        for (Sample sample : samples.getOrDefault("gpu_mig_" + stem, List.of())) {
            boolean itsOwn = sample.mig()
                    .filter(mig -> mig.gpuInstance() == part.get().gpuInstance())
                    .isPresent();
            if (itsOwn && sample.labels().equals(wanted)) {
                return OptionalDouble.of(sample.value());
            }
        }
        return OptionalDouble.empty();
    }

    /** All samples of a metric of the GPU. */
    List<Sample> all(String metric) {
        return samples.getOrDefault(metric, List.of());
    }

    /** Of a metric that may have a label for the link: the sum over the links. */
    OptionalDouble sum(String metric) {
        return sum(all(metric));
    }

    /** Of a metric that may have a label for the link before this one: the sum over the links. */
    OptionalDouble sum(String metric, String lastLabel) {
        return sum(all(metric).stream()
                .filter(sample ->
                        sample.labels().get(sample.labels().size() - 1).equals(lastLabel))
                .toList());
    }

    private static OptionalDouble sum(List<Sample> links) {
        return links.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(links.stream().mapToDouble(Sample::value).sum());
    }

    /** Of a metric that may have a label for the link: the greatest. */
    OptionalDouble greatest(String metric) {
        return all(metric).stream().mapToDouble(Sample::value).max();
    }
}
