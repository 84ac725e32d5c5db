package dev.gpuexporter.deploy;

import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A way to install the exporter that the documents name: a directory for {@code kubectl apply -k}, with components on
 * top of it, and the flags with which {@code helm} does the same.
 */
record Install(String directory, List<String> components, List<String> flags) {
    private static final Pattern ROW =
            Pattern.compile("^\\|[^|]*\\| `([a-z0-9/-]+)` \\| `(--[^`]+)` \\|", Pattern.MULTILINE);

    /** The rows of the tables in docs/installing.md. */
    static List<Install> documented() {
        try {
            String document = Files.readString(Project.directory().resolve("docs/installing.md"));
            return ROW.matcher(document)
                    .results()
                    .map(row -> new Install(
                            row.group(1), List.of(), List.of(row.group(2).split(" "))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Several at once: components that touch the same lists, and platforms with what they have to allow. */
    static List<Install> combined() {
        return List.of(
                together("pod-metadata, dra", "--set podMetadata.enabled=true,dra.enabled=true"),
                together(
                        "microk8s, pod-metadata, dra, gpu-operator, host-pid",
                        "--set platform=microk8s,podMetadata.enabled=true,dra.enabled=true,gpuOperator.enabled=true,hostPid.enabled=true"),
                together("openshift, host-pid", "--set platform=openshift,hostPid.enabled=true"),
                together("gke, pod-metadata", "--set platform=gke,podMetadata.enabled=true"),
                together("web-config, probe-port", "--set webConfig.secret=gpu-exporter-web,probePort=9401"),
                together("probe-port", "--set probePort=9401"),
                together("k0s, default-runtime", "--set platform=k0s,runtimeClassName="));
    }

    private static Install together(String components, String flags) {
        return new Install(
                "deploy",
                List.of(components.split(", ")).stream()
                        .map(component -> "deploy/components/" + component)
                        .toList(),
                List.of(flags.split(" ")));
    }

    Manifests byKustomize() {
        return components.isEmpty()
                ? Manifests.rendered(directory)
                : Manifests.rendered(directory, components.toArray(String[]::new));
    }

    Manifests byHelm(Chart chart) {
        return chart.rendered(flags);
    }

    @Override
    public String toString() {
        return directory + " " + components + " as " + String.join(" ", flags);
    }
}
