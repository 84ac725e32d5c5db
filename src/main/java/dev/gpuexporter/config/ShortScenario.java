package dev.gpuexporter.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a node in short: {@code h200x8}, {@code t4}, {@code h200x4,t4x2}. */
final class ShortScenario {
    private static final Pattern PART = Pattern.compile("([a-z0-9-]+?)(?:x(\\d{1,9}))?");

    private final List<String> models;

    ShortScenario(List<String> models) {
        this.models = models;
    }

    Scenario read(String argument) {
        List<Scenario.Gpu> gpus = new ArrayList<>();
        for (String part : argument.split(",", -1)) {
            gpus.addAll(part(argument, part));
        }
        if (gpus.size() > Scenario.MOST_GPUS) {
            throw wrong(argument, gpus.size() + " GPUs", "a node has 1 to " + Scenario.MOST_GPUS);
        }
        List<Scenario.Gpu> shared = DefaultPods.sharing(gpus);
        return new Scenario(
                argument,
                1,
                Scenario.DEFAULT_DRIVER_VERSION,
                Scenario.DEFAULT_CUDA_VERSION,
                shared,
                DefaultPods.on(shared),
                List.of(),
                Set.of());
    }

    private List<Scenario.Gpu> part(String argument, String part) {
        Matcher matcher = PART.matcher(part);
        if (!matcher.matches() || !models.contains(matcher.group(1))) {
            throw wrong(argument, "no such model", "there are " + String.join(", ", models));
        }
        int count = matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2));
        if (count < 1 || count > Scenario.MOST_GPUS) {
            throw wrong(argument, count + " GPUs", "a node has 1 to " + Scenario.MOST_GPUS);
        }
        return Collections.nCopies(count, Scenario.Gpu.of(matcher.group(1)));
    }

    private static BadInputException wrong(String argument, String what, String right) {
        return new BadInputException("--simulate %s: %s; %s".formatted(argument, what, right));
    }
}
