package dev.gpuexporter.config;

import com.typesafe.config.ConfigValueType;
import dev.gpuexporter.config.Scenario.Device;
import dev.gpuexporter.config.Scenario.Load;
import dev.gpuexporter.config.Scenario.MemoryUse;
import dev.gpuexporter.config.Scenario.Shape;
import dev.gpuexporter.config.Scenario.Window;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the pods of a scenario's file. */
final class PodReader {
    private static final Pattern REPLICA = Pattern.compile("(\\d{1,3})::(\\d{1,3})");
    private static final String MEMORY_EXAMPLE = "20GiB or 90%";

    private final List<Scenario.Gpu> gpus;

    PodReader(List<Scenario.Gpu> gpus) {
        this.gpus = gpus;
    }

    Scenario.Pod read(Section.Entry entry) {
        Section section = entry.section(
                "namespace",
                "pod",
                "container",
                "resource",
                "gpus",
                "device-ids",
                "utilization",
                "memory",
                "shape",
                "from",
                "until");
        List<Device> devices =
                section.elements("gpus").stream().map(this::device).toList();
        List<String> ids = section.elements("device-ids").stream()
                .map(Section.Entry::string)
                .toList();
        if (devices.isEmpty() && ids.isEmpty()) {
            throw section.missing("gpus", "[0]");
        }
        return new Scenario.Pod(
                section.get("namespace", Section.Entry::string, "default"),
                section.required("pod", "train-0").string(),
                section.get("container", Section.Entry::string, "main"),
                section.get("resource", Section.Entry::string, DefaultPods.RESOURCE),
                devices,
                ids,
                load(section),
                window(section));
    }

    /** A virtual machine's part of a GPU. */
    Scenario.Vgpu readVgpu(Section.Entry entry) {
        Section section = entry.section("gpu", "utilization", "memory", "shape", "licensed");
        return new Scenario.Vgpu(
                index(section.required("gpu", "0"), gpus.size()),
                load(section),
                section.get("licensed", Section.Entry::bool, true));
    }

    private static Load load(Section section) {
        return new Load(
                section.get("utilization", PodReader::ratio, 0.0),
                section.get("memory", PodReader::memory, MemoryUse.ofBytes(0)),
                section.get("shape", entryOfShape -> choice(entryOfShape, Shape.class), Shape.WAVES));
    }

    /** An index for a whole GPU, {@code "2::0"} for the first replica of GPU 2. */
    private Device device(Section.Entry entry) {
        if (entry.value().valueType() == ConfigValueType.NUMBER) {
            int gpu = index(entry, gpus.size());
            if (gpus.get(gpu).replicas() > 1) {
                throw entry.wrong("GPU " + gpu + " is handed out in replicas", "write \"" + gpu + "::0\"");
            }
            return Device.whole(gpu);
        }
        Matcher matcher = REPLICA.matcher(entry.text());
        if (!matcher.matches()) {
            throw entry.wrong('"' + entry.text() + "\" is no GPU", "write 0, or \"0::1\" for a replica");
        }
        int gpu = Integer.parseInt(matcher.group(1));
        int replica = Integer.parseInt(matcher.group(2));
        int replicas = gpu < gpus.size() ? gpus.get(gpu).replicas() : 0;
        if (replicas < 2 || replica >= replicas) {
            throw entry.wrong(
                    "there is no replica " + entry.text(),
                    replicas == 0
                            ? "the GPUs are 0 to " + (gpus.size() - 1)
                            : replicas == 1 ? "give GPU " + gpu + " replicas = 4" : "it has 0 to " + (replicas - 1));
        }
        return Device.replica(gpu, replica);
    }

    /** The index of a GPU that is there. */
    static int index(Section.Entry entry, int gpus) {
        if (entry.value().unwrapped() instanceof Integer index && index >= 0 && index < gpus) {
            return index;
        }
        throw entry.wrong("there is no GPU " + entry.text(), "they are 0 to " + (gpus - 1));
    }

    private static double ratio(Section.Entry entry) {
        return entry.quantity("97%")
                .ratio()
                .orElseThrow(() -> entry.wrong('"' + entry.text() + "\" is no part of a whole", "write 97% or 0.97"));
    }

    private static MemoryUse memory(Section.Entry entry) {
        Quantity quantity = entry.quantity(MEMORY_EXAMPLE);
        if (quantity.unit().equals("%")) {
            return MemoryUse.ofRatio(quantity.ratio().orElseThrow(() -> entry.unlike(MEMORY_EXAMPLE)));
        }
        return MemoryUse.ofBytes(quantity.bytes().orElseThrow(() -> entry.unlike(MEMORY_EXAMPLE)));
    }

    /** From {@code from} until {@code until}; the start, and for ever, where they are absent. */
    static Window window(Section section) {
        Duration from = section.get("from", PodReader::duration, Duration.ZERO);
        Optional<Duration> until = section.entry("until").map(entry -> {
            Duration end = duration(entry);
            if (end.compareTo(from) <= 0) {
                throw entry.wrong('"' + entry.text() + "\" is not after from", "write a longer time since the start");
            }
            return end;
        });
        return new Window(from, until);
    }

    private static Duration duration(Section.Entry entry) {
        return entry.quantity("30s or 5m").duration().orElseThrow(() -> entry.unlike("30s or 5m"));
    }

    /** One of an enum's names, in lower case with hyphens. */
    static <E extends Enum<E>> E choice(Section.Entry entry, Class<E> type) {
        List<String> known =
                Arrays.stream(type.getEnumConstants()).map(PodReader::word).toList();
        int index = known.indexOf(entry.string());
        if (index < 0) {
            throw entry.wrong('"' + entry.text() + "\" is not known", DidYouMean.among(known, entry.text()));
        }
        return type.getEnumConstants()[index];
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
