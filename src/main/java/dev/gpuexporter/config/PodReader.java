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
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads the pods of a scenario's file. */
final class PodReader {
    private static final Pattern DEVICE = Pattern.compile("(\\d{1,3})(?::(\\d{1,2}))?(?:::(\\d{1,3}))?");
    private static final String MEMORY_EXAMPLE = "20GiB or 90%";

    /** Stands for the number of a pod where there are several. */
    private static final String NUMBER = "%";

    private static final int MOST_PODS = 1000;

    private final List<Scenario.Gpu> gpus;
    private final Scenario.Plugin plugin;

    PodReader(List<Scenario.Gpu> gpus, Scenario.Plugin plugin) {
        this.gpus = gpus;
        this.plugin = plugin;
    }

    /** As many as it says: one, where it does not. */
    Stream<Scenario.Pod> read(Section.Entry entry) {
        Section section = entry.section(
                "namespace",
                "pod",
                "count",
                "container",
                "resource",
                "gpus",
                "device-ids",
                "utilization",
                "memory",
                "shape",
                "from",
                "until");
        Section.Entry name = section.required("pod", "train-0");
        if (section.entry("count").isEmpty()) {
            return Stream.of(pod(section, name.string(), UnaryOperator.identity()));
        }
        if (!name.string().contains(NUMBER)) {
            throw name.wrong('"' + name.string() + "\" has no place for the number", "write train-%");
        }
        int count = section.get("count", entryOfCount -> entryOfCount.integer(1, MOST_PODS), 1);
        return IntStream.range(0, count)
                .mapToObj(Integer::toString)
                .map(number ->
                        pod(section, name.string().replace(NUMBER, number), text -> text.replace(NUMBER, number)));
    }

    /** @param numbered puts the pod's number into what names its devices */
    private Scenario.Pod pod(Section section, String name, UnaryOperator<String> numbered) {
        Window presence = window(section);
        List<Device> devices = section.elements("gpus").stream()
                .map(device -> device(device, numbered.apply(device.text()), presence))
                .toList();
        List<String> ids = section.elements("device-ids").stream()
                .map(Section.Entry::string)
                .map(numbered)
                .toList();
        if (devices.isEmpty() && ids.isEmpty()) {
            throw section.missing("gpus", "[0]");
        }
        return new Scenario.Pod(
                section.get("namespace", Section.Entry::string, "default"),
                name,
                section.get("container", Section.Entry::string, "main"),
                section.get("resource", Section.Entry::string, resource(devices, presence)),
                devices,
                ids,
                load(section),
                presence);
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

    /**
     * An index for a whole GPU, {@code "2::0"} for the first replica of GPU 2, {@code "2:1"} for its second MIG device,
     * {@code "2:1::0"} for the first replica of that.
     */
    private Device device(Section.Entry entry, String text, Window presence) {
        if (entry.value().valueType() == ConfigValueType.NUMBER) {
            index(entry, gpus.size());
        }
        Matcher matcher = DEVICE.matcher(text);
        if (!matcher.matches()) {
            throw entry.wrong(
                    '"' + text + "\" is no GPU", "write 0, \"0::1\" for a replica, or \"0:1\" for a MIG device");
        }
        int gpu = Integer.parseInt(matcher.group(1));
        if (gpu >= gpus.size()) {
            throw entry.wrong("there is no GPU " + gpu, "they are 0 to " + (gpus.size() - 1));
        }
        Device device = new Device(gpu, number(matcher, 2), number(matcher, 3));
        check(entry, device, presence);
        return device;
    }

    private void check(Section.Entry entry, Device device, Window presence) {
        Scenario.Gpu gpu = gpus.get(device.gpu());
        String whole = String.valueOf(device.gpu());
        if (device.mig().isPresent()) {
            int parts = gpu.partsAt(presence.from()).size();
            whole += ":" + device.mig().getAsInt();
            if (device.mig().getAsInt() >= parts) {
                throw entry.wrong(
                        "there is no MIG device " + whole,
                        gpu.mig().isEmpty()
                                ? "give GPU " + device.gpu() + " mig = [1g.10gb]"
                                : "when the pod starts it has " + parts);
            }
        }
        if (device.replica().isEmpty() && gpu.replicas() > 1) {
            throw entry.wrong("GPU " + device.gpu() + " is handed out in replicas", "write \"" + whole + "::0\"");
        }
        if (device.replica().isPresent()
                && (gpu.replicas() == 1 || device.replica().getAsInt() >= gpu.replicas())) {
            throw entry.wrong(
                    "there is no replica " + entry.text(),
                    gpu.replicas() == 1
                            ? "give GPU " + device.gpu() + " replicas = 4"
                            : "it has 0 to " + (gpu.replicas() - 1));
        }
    }

    private static OptionalInt number(Matcher matcher, int group) {
        return matcher.group(group) == null
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(matcher.group(group)));
    }

    /** What the device plugin calls them. */
    private String resource(List<Device> devices, Window presence) {
        return plugin.resource(devices.stream()
                .filter(device -> device.mig().isPresent())
                .findFirst()
                .map(device -> gpus.get(device.gpu())
                        .partsAt(presence.from())
                        .get(device.mig().getAsInt())));
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

    static Duration duration(Section.Entry entry) {
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
