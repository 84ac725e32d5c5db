package dev.gpuexporter.doctor;

import dev.gpuexporter.config.Settings;
import dev.gpuexporter.kubernetes.ApiObjects;
import dev.gpuexporter.kubernetes.ApiServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether the API server lets the exporter list and watch what it is to show. */
final class ApiServerCheck {
    static final String TOPIC = "API server";

    /** A right to list is not yet one to watch: the watch follows at once. */
    private static final Duration UNTIL_WATCHED = Duration.ofMillis(500);

    private final Settings.ApiServer settings;
    private final ApiServer server;
    private final Duration patience;

    ApiServerCheck(Settings.ApiServer settings, ApiServer server, Duration patience) {
        this.settings = settings;
        this.server = server;
        this.patience = patience;
    }

    List<Finding> findings() throws InterruptedException {
        List<String> wanted = new ArrayList<>();
        if (settings.podMetadata()) {
            wanted.add("pods");
        }
        if (settings.resourceSlices()) {
            wanted.add("resourceslices");
        }
        try (ApiObjects objects = new ApiObjects(server, settings)) {
            objects.start();
            long end = System.nanoTime() + patience.toNanos();
            while (System.nanoTime() < end
                    && !(server.isUp() && server.problems().keySet().containsAll(wanted))) {
                Thread.sleep(20);
            }
            if (server.isUp()) {
                Thread.sleep(UNTIL_WATCHED.toMillis());
            }
            return wanted.stream().map(this::finding).toList();
        }
    }

    private Finding finding(String kind) {
        Map<String, String> problems = server.problems();
        String key = kind.equals("pods") ? "kubernetes.pod-metadata" : "kubernetes.resource-slices";
        if (!problems.containsKey(kind)) {
            return Finding.fail(
                    TOPIC,
                    "no answer about " + kind + " within " + patience.toSeconds() + " s",
                    "run as a pod with a service account's token, or set " + key + " = off");
        }
        String problem = problems.get(kind);
        return problem.isEmpty()
                ? Finding.ok(TOPIC, kind + " may be listed and watched")
                : Finding.fail(
                        TOPIC,
                        kind + ": " + problem,
                        "apply the overlay of deploy/overlays that brings the rights (list and watch " + kind
                                + "), or set " + key + " = off");
    }
}
