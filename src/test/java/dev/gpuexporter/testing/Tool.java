package dev.gpuexporter.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program that some tests need and a machine may lack. A test asks for it in its body or in {@code @BeforeAll}, never
 * in a static initializer, whose failure would look like a broken test.
 */
public enum Tool {
    GCC("gcc", "Debian: apt-get install gcc libc6-dev", "gcc"),
    PROMTOOL("promtool", "Debian: apt-get install prometheus", "promtool"),
    PROMETHEUS("prometheus", "Debian: apt-get install prometheus", "prometheus"),
    KUBECTL("kubectl", ".ci/cluster-tools, or https://kubernetes.io/docs/tasks/tools/", ".venv/bin/kubectl", "kubectl"),
    HELM("helm", ".ci/cluster-tools, or https://helm.sh/docs/intro/install/", ".venv/bin/helm", "helm"),
    /** A Python with kubernetes-validate, and what .ci/cluster-tools fetches beside it. */
    SCHEMAS("the schemas of Kubernetes and its operators", ".ci/cluster-tools", ".venv/bin/python") {
        @Override
        boolean works(Path python) {
            return Files.isDirectory(Project.directory().resolve(".venv/schemas"))
                    && Command.succeeds(python.toString(), "-c", "import kubernetes_validate");
        }
    },
    CHROMIUM("chromium", "Debian: apt-get install chromium", "chromium", "chromium-browser", "google-chrome"),
    GRAFANA_TYPES(
            "Grafana's types",
            "with node: npm ci --ignore-scripts --legacy-peer-deps --prefix src/test/grafana",
            "src/test/grafana/node_modules/.bin/tsc") {
        @Override
        boolean works(Path compiler) {
            return Command.succeeds(compiler.toString(), "--version");
        }
    },
    PYNVML(
            "nvidia-ml-py",
            "python3 -m venv .venv && .venv/bin/pip install -r " + PinnedPynvml.REQUIREMENTS,
            ".venv/bin/python",
            "python3") {
        @Override
        boolean works(Path python) {
            return PinnedPynvml.isInstalledFor(python);
        }
    },
    /** For tests of a container's limit; any program will do. */
    MEMORY_CGROUP("a cgroup with a limit on memory", "as root, where /sys/fs/cgroup may be written", "sh") {
        @Override
        boolean works(Path program) {
            return MemoryCgroup.mayBeMade();
        }

        @Override
        boolean mayBeInstalled() {
            return false;
        }
    },
    /** For tests of a node that has none; any program will do. */
    NO_DRIVER("a machine without NVIDIA's driver", "without /proc/driver/nvidia", "sh") {
        @Override
        boolean works(Path program) {
            return Files.notExists(Path.of("/proc/driver/nvidia"));
        }
    };

    private final String title;
    private final String howToGetIt;
    private final List<String> programs;

    Tool(String title, String howToGetIt, String... programs) {
        this.title = title;
        this.howToGetIt = howToGetIt;
        this.programs = List.of(programs);
    }

    /** The program; for {@link #PYNVML} the Python that has the package. Without it the test ends here. */
    public Path require() {
        return orEndTheTest(find(), mayBeInstalled() && "true".equals(System.getenv("CI")));
    }

    /** Skips the test that needs what was not found; where nobody looks at what was skipped, fails it. */
    Path orEndTheTest(Optional<Path> found, boolean failing) {
        if (found.isEmpty() && failing) {
            throw new AssertionError(missing());
        }
        return found.orElseThrow(() -> new MissingToolException(this));
    }

    /** What is missing and where it comes from, on one line. */
    String missing() {
        return title + " is missing (" + howToGetIt + ")";
    }

    private Optional<Path> find() {
        return programs.stream()
                .flatMap(Tool::candidates)
                .filter(Files::isExecutable)
                .filter(this::works)
                .findFirst();
    }

    boolean works(Path program) {
        return true;
    }

    /** Or else it is what a machine lets its users do: CI installs what it can, and says what else is missing. */
    boolean mayBeInstalled() {
        return true;
    }

    private static Stream<Path> candidates(String program) {
        if (program.contains("/")) {
            return Stream.of(Project.directory().resolve(program));
        }
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(directory -> Path.of(directory, program));
    }
}
