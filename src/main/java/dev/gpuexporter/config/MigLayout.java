package dev.gpuexporter.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a simulated GPU in MIG mode is cut up from some time on.
 *
 * @param from when, counted from the simulation's start
 * @param instances its GPU instances, in the order in which they are made; none: nothing is cut yet
 */
public record MigLayout(Duration from, List<GpuInstance> instances) {
    public MigLayout {
        instances = List.copyOf(instances);
    }

    /** Its MIG devices: every compute instance of every GPU instance. */
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (GpuInstance instance : instances) {
            for (int compute = 0; compute < instance.split().size(); compute++) {
                parts.add(new Part(instance, compute));
            }
        }
        return parts;
    }

    /**
     * A GPU instance.
     *
     * @param profile such as 3g.40gb
     * @param start its first memory slice; absent: the first place that is free
     * @param split compute slices of each of its compute instances, by their ids
     */
    public record GpuInstance(String profile, OptionalInt start, List<Integer> split) {
        private static final Pattern PROFILE = Pattern.compile("([1-7])g\\.\\d{1,3}gb(\\+me)?");

        public GpuInstance {
            split = List.copyOf(split);
            int slices = slices(profile).orElseThrow(() -> new IllegalArgumentException(profile + " is no profile"));
            if (split.isEmpty() || split.stream().mapToInt(Integer::intValue).sum() > slices) {
                throw new IllegalArgumentException("compute instances share the slices of a " + profile);
            }
        }

        /** With one compute instance that has it whole. */
        public static GpuInstance whole(String profile, OptionalInt start) {
            int slices = slices(profile).orElseThrow(() -> new IllegalArgumentException(profile + " is no profile"));
            return new GpuInstance(profile, start, List.of(slices));
        }

        /** Compute slices of a profile; empty where the text is none. */
        static OptionalInt slices(String profile) {
            Matcher matcher = PROFILE.matcher(profile);
            return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
        }

        public int slices() {
            return slices(profile).orElseThrow();
        }
    }

    /** A compute instance by its id in its GPU instance. */
    public record Part(GpuInstance instance, int compute) {
        public int slices() {
            return instance.split().get(compute);
        }

        /** As the driver writes it: a part of a GPU instance has its own slices before the GPU instance's profile. */
        public String profile() {
            return slices() == instance.slices() ? instance.profile() : slices() + "c." + instance.profile();
        }

        /** As the device plugin calls such devices where it has a resource for each profile; no name may have a plus. */
        public String resource() {
            return "nvidia.com/mig-" + profile().replace('+', '.');
        }
    }
}
