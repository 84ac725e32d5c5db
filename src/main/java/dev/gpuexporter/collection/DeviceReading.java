package dev.gpuexporter.collection;

import dev.gpuexporter.metrics.DeviceMetrics;
import dev.gpuexporter.metrics.MigMetrics;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.nvml.DriverVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of one GPU after a poll.
 *
 * @param identity empty for a GPU that never said who it is
 * @param versions of the driver that last answered for it
 * @param problem why it did not answer; empty where it did
 * @param mig its MIG devices, by NVML's index; those it had last where it did not answer
 * @param samples its own and its MIG devices'; empty where it did not answer
 * @param processes who is on it; empty where that is not known
 * @param history what is remembered of it
 */
public record DeviceReading(
        int index,
        Optional<DeviceIdentity> identity,
        Optional<DriverVersions> versions,
        Optional<String> problem,
        List<MigPart> mig,
        List<Sample> samples,
        Optional<List<DeviceProcess>> processes,
        DeviceHistory history) {

    /** Of a GPU that has no MIG devices, and of which nothing more is known. */
    public DeviceReading(
            int index,
            Optional<DeviceIdentity> identity,
            Optional<DriverVersions> versions,
            Optional<String> problem,
            List<Sample> samples) {
        this(index, identity, versions, problem, List.of(), samples);
    }

    /** Of a GPU of which nothing more is known. */
    public DeviceReading(
            int index,
            Optional<DeviceIdentity> identity,
            Optional<DriverVersions> versions,
            Optional<String> problem,
            List<MigPart> mig,
            List<Sample> samples) {
        this(index, identity, versions, problem, mig, samples, Optional.empty(), DeviceHistory.NONE);
    }

    public boolean isUp() {
        return problem.isEmpty();
    }

    public String uuid() {
        return identity.map(DeviceIdentity::uuid).orElse("");
    }

    /** As the driver names it; empty for a GPU that never said what it is. */
    public String model() {
        return identity.map(DeviceIdentity::model).orElse("");
    }

    /** N of {@code /dev/nvidiaN}; empty for a GPU that never said who it is. */
    public String minor() {
        return identity.map(DeviceIdentity::minor).orElse("");
    }

    /** {@code gpu_info}; empty for a GPU that never said who it is. */
    public Optional<Sample> info() {
        return identity.map(gpu -> new Sample(
                DeviceMetrics.INFO,
                List.of(
                        gpu.model(),
                        gpu.architecture(),
                        gpu.computeCapability(),
                        gpu.brand(),
                        gpu.serial(),
                        gpu.pciBusId(),
                        gpu.pciDeviceId(),
                        gpu.pciSubsystemId(),
                        gpu.minor(),
                        gpu.vbiosVersion(),
                        gpu.inforom().image(),
                        gpu.inforom().oem(),
                        gpu.inforom().ecc(),
                        gpu.inforom().power(),
                        versions.map(DriverVersions::driver).orElse(""),
                        versions.map(DriverVersions::nvml).orElse(""),
                        versions.map(DriverVersions::cuda).orElse(""),
                        gpu.numaNode()),
                1));
    }

    /** {@code gpu_mig_info} of each MIG device. */
    public List<Sample> migInfo() {
        return mig.stream()
                .map(part -> new Sample(MigMetrics.INFO, Optional.of(part), List.of(), 1))
                .toList();
    }

    /** One value of the GPU in this poll; {@code labels} are the values of the metric's own labels. */
    public OptionalDouble value(String metric, String... labels) {
        List<String> wanted = List.of(labels);
        for (Sample sample : samples) {
            if (sample.metric().name().equals(metric) && sample.labels().equals(wanted)) {
                return OptionalDouble.of(sample.value());
            }
        }
        return OptionalDouble.empty();
    }

    /** One value of a MIG device in this poll. */
    public OptionalDouble value(MigPart device, String metric, String... labels) {
        List<String> wanted = List.of(labels);
        return samples.stream()
                .filter(sample -> sample.mig().equals(Optional.of(device))
                        && sample.metric().name().equals(metric)
                        && sample.labels().equals(wanted))
                .mapToDouble(Sample::value)
                .findFirst();
    }

    DeviceReading down(String why) {
        return new DeviceReading(
                index, identity, versions, Optional.of(why), mig, List.of(), Optional.empty(), history);
    }

    /** With what was read of it apart from the poll. */
    DeviceReading with(List<Sample> more) {
        List<Sample> all = new ArrayList<>(samples);
        all.addAll(more);
        return new DeviceReading(index, identity, versions, problem, mig, all, processes, history);
    }

    DeviceReading with(DeviceHistory remembered) {
        return new DeviceReading(index, identity, versions, problem, mig, samples, processes, remembered);
    }
}
