package dev.gpuexporter.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes a scenario of what was written after {@code --simulate}: the GPUs in short, or a HOCON file. */
public final class ScenarioFile {
    private static final Pattern FUNCTION = Pattern.compile("nvml[A-Z]\\w*");
    private static final Pattern DRIVER_VERSION = Pattern.compile("\\d{3}\\.\\d+(\\.\\d+)?");
    private static final Pattern CUDA_VERSION = Pattern.compile("\\d+\\.\\d+");

    private final List<String> models;

    /** @param models the names of the GPU models that can be simulated */
    public ScenarioFile(Collection<String> models) {
        this.models = List.copyOf(models);
    }

    /**
     * Reads {@code h200x8}, a mix such as {@code h200x4,t4x2}, or the path of a file: what has a slash or ends in .conf.
     *
     * @throws BadInputException when it cannot be meant
     */
    public Scenario read(String argument) {
        if (argument.contains("/") || argument.endsWith(".conf")) {
            return read(path(argument));
        }
        return new ShortScenario(models).read(argument);
    }

    private static Path path(String argument) {
        try {
            return Path.of(argument);
        } catch (InvalidPathException e) { // a NUL, or letters that the locale lacks
            throw new BadInputException("--simulate %s: no path (%s); write a file's path, or a model such as h200x8"
                    .formatted(argument, e.getReason()));
        }
    }

    /** @throws BadInputException when the file is not there, is no HOCON, or says what cannot be meant */
    public Scenario read(Path file) {
        String problem = SettingsFile.whyUnreadable(file);
        if (!problem.isEmpty()) {
            throw new BadInputException(
                    "--simulate %s: %s; write a file's path, or a model such as h200x8".formatted(file, problem));
        }
        Section root = new Section(
                "",
                HoconFile.read(file).root(),
                "name",
                "seed",
                "driver-version",
                "cuda-version",
                "gpus",
                "pods",
                "failures",
                "missing-symbols",
                "vgpus",
                "plugin");
        List<Scenario.Gpu> gpus = gpus(root);
        Scenario.Plugin plugin =
                root.get("plugin", entry -> PodReader.choice(entry, Scenario.Plugin.class), Scenario.Plugin.NVIDIA);
        if (plugin != Scenario.Plugin.NVIDIA) {
            root.required("pods", "[]"); // the usual tenants are those of NVIDIA's plugin
        }
        PodReader pods = new PodReader(gpus, plugin);
        FailureReader failures = new FailureReader(gpus.size());
        return new Scenario(
                root.get("name", Section.Entry::string, nameOf(file)),
                root.get("seed", entry -> entry.integer(0, Integer.MAX_VALUE), 1),
                version(root, "driver-version", DRIVER_VERSION, Scenario.DEFAULT_DRIVER_VERSION),
                version(root, "cuda-version", CUDA_VERSION, Scenario.DEFAULT_CUDA_VERSION),
                root.entry("pods").isPresent() ? gpus : DefaultPods.sharing(gpus),
                root.entry("pods").isPresent()
                        ? root.elements("pods").stream().flatMap(pods::read).toList()
                        : DefaultPods.on(DefaultPods.sharing(gpus)),
                root.elements("failures").stream().map(failures::read).toList(),
                missingSymbols(root),
                root.elements("vgpus").stream().map(pods::readVgpu).toList(),
                plugin);
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replaceFirst("\\.conf$", "");
    }

    private static String version(Section root, String key, Pattern form, String otherwise) {
        return root.entry(key)
                .map(entry -> {
                    if (!form.matcher(entry.text()).matches()) {
                        throw entry.wrong(
                                '"' + entry.text() + "\" is no version", "write one such as \"" + otherwise + '"');
                    }
                    return entry.text();
                })
                .orElse(otherwise);
    }

    private List<Scenario.Gpu> gpus(Section root) {
        List<Scenario.Gpu> gpus = new ArrayList<>();
        Section.Entry list = root.required("gpus", "[ { model = h200, count = 8 } ]");
        for (Section.Entry entry : list.elements()) {
            Section section = entry.section("model", "count", "replicas", "power-limit", "mig", "mig-changes");
            Scenario.Gpu gpu = new Scenario.Gpu(
                    model(section.required("model", "h200")),
                    section.get("replicas", replicas -> replicas.integer(1, 64), 1),
                    powerLimit(section),
                    MigLayoutReader.read(section));
            gpus.addAll(
                    Collections.nCopies(section.get("count", count -> count.integer(1, Scenario.MOST_GPUS), 1), gpu));
        }
        if (gpus.isEmpty() || gpus.size() > Scenario.MOST_GPUS) {
            throw list.wrong("there are " + gpus.size() + " GPUs", "a node has 1 to " + Scenario.MOST_GPUS);
        }
        return gpus;
    }

    private String model(Section.Entry entry) {
        String model = entry.string();
        if (!models.contains(model)) {
            throw entry.wrong('"' + model + "\" is no model", "there are " + String.join(", ", models));
        }
        return model;
    }

    private static OptionalDouble powerLimit(Section section) {
        return section.entry("power-limit")
                .map(entry -> OptionalDouble.of(entry.quantity("500W").watts().orElseThrow(() -> entry.unlike("500W"))))
                .orElse(OptionalDouble.empty());
    }

    private static Set<String> missingSymbols(Section root) {
        return root.elements("missing-symbols").stream()
                .map(ScenarioFile::function)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A C function of NVML by its name. */
    static String function(Section.Entry entry) {
        if (!FUNCTION.matcher(entry.string()).matches()) {
            throw entry.wrong(
                    '"' + entry.text() + "\" is no function of NVML", "write one such as nvmlDeviceGetPowerUsage");
        }
        return entry.text();
    }
}
