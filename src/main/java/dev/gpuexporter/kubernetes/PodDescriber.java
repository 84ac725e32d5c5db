package dev.gpuexporter.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Takes from a Pod of the API what is in use; what is not there, or not as it should be, is left out. */
final class PodDescriber {
    private static final String TEMPLATE_HASH = "pod-template-hash";

    private final PodLabels labels;

    PodDescriber(PodLabels labels) {
        this.labels = labels;
    }

    PodDescription describe(GenericKubernetesResource pod) {
        ObjectMeta metadata = pod.getMetadata();
        Map<String, String> podLabels =
                Optional.ofNullable(metadata.getLabels()).orElse(Map.of());
        return new PodDescription(
                Optional.ofNullable(metadata.getNamespace()).orElse(""),
                Optional.ofNullable(metadata.getName()).orElse(""),
                Optional.ofNullable(metadata.getUid()).orElse(""),
                controller(metadata, Optional.ofNullable(podLabels.get(TEMPLATE_HASH))),
                labels.of(podLabels),
                containers(pod));
    }

    private static Optional<PodController> controller(ObjectMeta metadata, Optional<String> templateHash) {
        return metadata.getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .filter(owner -> owner.getKind() != null && owner.getName() != null)
                .findFirst()
                .map(owner -> PodController.of(owner.getKind(), owner.getName(), templateHash));
    }

    private static Map<String, String> containers(GenericKubernetesResource pod) {
        Map<String, String> names = new HashMap<>();
        Stream.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")
                .flatMap(field -> pod.get("status", field) instanceof List<?> list ? list.stream() : Stream.empty())
                .forEach(status -> {
                    if (status instanceof Map<?, ?> map
                            && map.get("name") instanceof String name
                            && map.get("containerID") instanceof String id
                            && !id.isEmpty()) {
                        names.put(id.substring(id.indexOf("://") < 0 ? 0 : id.indexOf("://") + 3), name);
                    }
                });
        return names;
    }
}
