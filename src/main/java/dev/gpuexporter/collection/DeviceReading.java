package dev.gpuexporter.collection;

import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.nvml.DriverVersions;
import dev.gpuexporter.nvml.GpuProcess;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of one GPU after a poll.
 *
 * @param identity empty for a GPU that never said who it is
 * @param versions of the driver that last answered for it
 * @param problem why it did not answer; empty where it did
 * @param samples empty where it did not answer
 * @param processes who is on it; empty where that is not known
 * @param history what is remembered of it
 */
public record DeviceReading(
        int index,
        Optional<DeviceIdentity> identity,
        Optional<DriverVersions> versions,
        Optional<String> problem,
        List<Sample> samples,
        Optional<List<GpuProcess>> processes,
        DeviceHistory history) {

    /** Of a GPU of which nothing more is known. */
    public DeviceReading(
            int index,
            Optional<DeviceIdentity> identity,
            Optional<DriverVersions> versions,
            Optional<String> problem,
            List<Sample> samples) {
        this(index, identity, versions, problem, samples, Optional.empty(), DeviceHistory.NONE);
    }

    public boolean isUp() {
        return problem.isEmpty();
    }

    public String uuid() {
        return identity.map(DeviceIdentity::uuid).orElse("");
    }

    /** One value of this poll; {@code labels} are the values of the metric's own labels. */
    public OptionalDouble value(String metric, String... labels) {
        List<String> wanted = List.of(labels);
        return samples.stream()
                .filter(sample ->
                        sample.metric().name().equals(metric) && sample.labels().equals(wanted))
                .mapToDouble(Sample::value)
                .findFirst();
    }

    DeviceReading down(String why) {
        return new DeviceReading(index, identity, versions, Optional.of(why), List.of(), Optional.empty(), history);
    }

    DeviceReading with(DeviceHistory remembered) {
        return new DeviceReading(index, identity, versions, problem, samples, processes, remembered);
    }
}
