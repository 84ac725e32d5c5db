package dev.gpuexporter.metrics;

import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Makes one series a GPU of a metric that has one for each link. */
final class SummedOverLinks {
    private final GpuMetric perLink;
    private final GpuReading reading;

    private SummedOverLinks(GpuMetric perLink) {
        this.perLink = perLink;
        this.reading = perLink.gpuReading().orElseThrow();
    }

    /** @param perLink its first label is the link */
    static GpuMetric of(GpuMetric perLink) {
        List<String> labels = perLink.labels().subList(1, perLink.labels().size());
        String help = perLink.help().replaceFirst("\\.$", ": the sum over the GPU's links.");
        return perLink.help(help).labels(labels.toArray(String[]::new)).read(new SummedOverLinks(perLink)::read);
    }

    private void read(NvmlDevice device, Samples out) throws NvmlException {
        Map<List<String>, Map<Integer, Double>> byLink = new LinkedHashMap<>();
        reading.read(device, (value, labels) -> {
            List<String> own = List.of(labels).subList(1, labels.length);
            byLink.computeIfAbsent(own, key -> new LinkedHashMap<>()).put(Integer.valueOf(labels[0]), value);
        });
        byLink.forEach((labels, values) -> out.add(sum(device, labels, values), labels.toArray(String[]::new)));
    }

    private OptionalDouble sum(NvmlDevice device, List<String> labels, Map<Integer, Double> values) {
        return perLink.type() == GpuMetric.Type.COUNTER
                ? device.nvLinks().sum(perLink.name() + labels, values)
                : OptionalDouble.of(values.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum());
    }
}
