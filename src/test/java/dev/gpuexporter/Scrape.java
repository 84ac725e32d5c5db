package dev.gpuexporter;

import static java.util.stream.Collectors.toCollection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An exposition read back by a parser of the tests' own, so that no code of the exporter's judges itself. */
public record Scrape(List<Sample> samples) {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    /** One line. */
    public record Sample(String name, Map<String, String> labels, double value) {
        boolean has(Map<String, String> wanted) {
            return labels.entrySet().containsAll(wanted.entrySet());
        }
    }

    public static Scrape of(String exposition) {
        List<Sample> samples = new ArrayList<>();
        exposition.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                throw new AssertionError("no sample: " + line);
            }
            samples.add(
                    new Sample(sample.group(1), labels(sample.group(2)), Double.parseDouble(number(sample.group(3)))));
        });
        return new Scrape(List.copyOf(samples));
    }

    private static String number(String text) {
        return text.replace("Inf", "Infinity");
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        if (text == null) {
            return labels;
        }
        Matcher label = LABEL.matcher(text);
        int end = 0;
        while (label.find() && label.start() == end) {
            String value =
                    label.group(2).replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\");
            if (labels.put(label.group(1), value) != null) {
                throw new AssertionError("a label twice: " + text);
            }
            end = label.end();
        }
        if (end != text.length()) {
            throw new AssertionError("no labels: " + text);
        }
        return labels;
    }

    /** The one sample of this name with these labels, each a name and a value, whatever others it has. */
    public OptionalDouble value(String name, String... labels) {
        List<Sample> found = all(name, labels);
        if (found.size() > 1) {
            throw new AssertionError("not one sample but " + found);
        }
        return found.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(found.get(0).value());
    }

    public List<Sample> all(String name, String... labels) {
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        return samples.stream()
                .filter(sample -> sample.name().equals(name) && sample.has(wanted))
                .toList();
    }

    /** Names of the samples that a GPU has. */
    public Set<String> namesOf(int gpu) {
        return samples.stream()
                .filter(sample -> sample.has(Map.of("gpu", Integer.toString(gpu))))
                .map(Sample::name)
                .collect(toCollection(TreeSet::new));
    }

    /** Every sample of a GPU. */
    public List<Sample> of(int gpu) {
        return samples.stream()
                .filter(sample -> sample.has(Map.of("gpu", Integer.toString(gpu))))
                .toList();
    }

    public Set<String> names() {
        return samples.stream().map(Sample::name).collect(toCollection(TreeSet::new));
    }
}
