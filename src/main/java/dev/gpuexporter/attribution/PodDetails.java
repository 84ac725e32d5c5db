package dev.gpuexporter.attribution;

import dev.gpuexporter.kubernetes.PodController;
import dev.gpuexporter.kubernetes.PodDescription;
import dev.gpuexporter.kubernetes.PodIndex;
import dev.gpuexporter.kubernetes.PodLabels;
import dev.gpuexporter.kubernetes.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Labels that say more of a pod than the kubelet does. All of them stand on every series of their family, empty where
 * nobody knows, so that the family has one set of labels; to Prometheus, an empty label is none.
 */
final class PodDetails {
    private static final List<String> OF_THE_API_SERVER = List.of("pod_uid", "workload_kind", "workload");

    private final List<String> shown;
    private final List<String> names = new ArrayList<>();

    /** @param labels which of the pods' own are shown; empty where the API server is not asked for pods */
    PodDetails(Optional<PodLabels> labels) {
        this.shown = labels.map(PodLabels::names).orElse(List.of());
        if (labels.isPresent()) {
            names.addAll(OF_THE_API_SERVER);
            names.addAll(shown);
        }
    }

    /** None where the API server is not asked for pods. */
    List<String> names() {
        return names;
    }

    /** As many as there are names. */
    List<String> of(Workload workload, PodIndex pods) {
        if (names.isEmpty()) {
            return List.of();
        }
        Optional<PodDescription> pod = pods.pod(workload.namespace(), workload.pod());
        Optional<PodController> controller = pod.flatMap(PodDescription::controller);
        List<String> values = new ArrayList<>(names.size());
        values.add(pod.map(PodDescription::uid).orElse(""));
        values.add(controller.map(PodController::kind).orElse(""));
        values.add(controller.map(PodController::name).orElse(""));
        shown.forEach(name -> values.add(
                pod.map(PodDescription::labels).map(labels -> labels.get(name)).orElse("")));
        return values;
    }
}
