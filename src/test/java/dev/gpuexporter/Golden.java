package dev.gpuexporter;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A whole exposition on file. {@code mvn test -Dtest=GoldenExpositionTest -Dgolden.write=true} writes the files anew, for
 * a person to read the difference; never where CI is set.
 */
final class Golden {
    /** What the process says of itself is another thing on every machine: these families are left out. */
    private static final List<String> LEFT_OUT = List.of("jvm_", "process_");

    /** What depends on the build, the Java that runs it and the machine's speed: these are kept without that. */
    private static final List<Masked> MASKED = List.of(
            new Masked("gpu_exporter_build_info\\{.*}", "gpu_exporter_build_info{…}"),
            new Masked("gpu_exporter_polls_total .*", "gpu_exporter_polls_total …"));

    /** What needs two polls is there after the second and not after a third at the same time: a matter of speed, too. */
    private static final Pattern BETWEEN_POLLS = Pattern.compile("(?!gpu_nvlink_bandwidth_).*_"
            + "(active_ratio|occupancy_ratio|bytes_per_second|workload_sm_utilization_ratio)");

    /** Those that tell who holds what and what there is to hold, and two of those that carry an owner. */
    private static final Pattern OF_PODS =
            Pattern.compile("gpu_(mig_)?(workload_.*|memory_used_bytes)|gpu_(resource_)?allocat.*|gpu_utilization_ratio"
                    + "|gpu_exporter_(kubelet_up|unmapped_devices)");

    private record Masked(String pattern, String instead) {
        String apply(String line) {
            return line.replaceFirst("^" + pattern, instead);
        }
    }

    private static final Pattern NAME = Pattern.compile("^(?:# (?:HELP|TYPE) )?([a-zA-Z_:][\\w:]*)");

    private Golden() {}

    /** Fails where the exposition is not, line by line, what is on file. */
    static void compare(String scenario, String exposition) {
        String actual = comparable(exposition);
        Path file = Project.directory().resolve("src/test/resources/golden/" + scenario + ".prom");
        if (mayWrite(Optional.ofNullable(System.getProperty("golden.write")), "true".equals(System.getenv("CI")))) {
            write(file, actual);
        }
        String expected = read(file);
        assertThat(difference(expected, actual))
                .as("%s (if the change is meant: mvn test -Dtest=GoldenExpositionTest -Dgolden.write=true)", file)
                .isEmpty();
        assertThat(actual).isEqualTo(expected);
    }

    /** The lines of one alone with a minus, those of the other alone with a plus. */
    private static List<String> difference(String expected, String actual) {
        Set<String> left = expected.lines().collect(toCollection(LinkedHashSet::new));
        Set<String> right = actual.lines().collect(toCollection(LinkedHashSet::new));
        return Stream.concat(
                        left.stream().filter(line -> !right.contains(line)).map(line -> "- " + line),
                        right.stream().filter(line -> !left.contains(line)).map(line -> "+ " + line))
                .toList();
    }

    /** Whether files are to be written, which is refused where nobody would read them. */
    static boolean mayWrite(Optional<String> asked, boolean ci) {
        boolean write = asked.filter("true"::equals).isPresent();
        if (write && ci) {
            throw new AssertionError("golden files are not written in CI; run with -Dgolden.write=true by yourself");
        }
        return write;
    }

    /** The exposition without what no two runs have in common. */
    static String comparable(String exposition) {
        return exposition
                .lines()
                .filter(line -> LEFT_OUT.stream().noneMatch(name(line)::startsWith)
                        && !BETWEEN_POLLS.matcher(name(line)).matches())
                .map(Golden::masked)
                .collect(joining("\n", "", "\n"));
    }

    /** The families that tell of pods. */
    static String ofPods(String exposition) {
        return exposition
                .lines()
                .filter(line -> OF_PODS.matcher(name(line)).matches())
                .collect(joining("\n", "", "\n"));
    }

    private static String masked(String line) {
        String masked = line;
        for (Masked rule : MASKED) {
            masked = rule.apply(masked);
        }
        return masked;
    }

    private static String name(String line) {
        return NAME.matcher(line)
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("neither a sample nor a comment of one: " + line));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + "; write it with -Dgolden.write=true", e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
