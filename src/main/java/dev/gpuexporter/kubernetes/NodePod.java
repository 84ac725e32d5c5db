package dev.gpuexporter.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A Pod as far as it is in use. The rest is passed over as it is read: whole, a node's pods would fill our heap. */
@Group("")
@Version("v1")
@Kind("Pod")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonDeserialize(using = JsonDeserializer.None.class)
final class NodePod extends WatchedObject implements Namespaced {
    private static final String TEMPLATE_HASH = "pod-template-hash";

    @JsonProperty
    private Status status;

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Status(
            List<Container> containerStatuses,
            List<Container> initContainerStatuses,
            List<Container> ephemeralContainerStatuses) {
        Stream<Container> all() {
            return Stream.of(containerStatuses, initContainerStatuses, ephemeralContainerStatuses)
                    .flatMap(Stream::ofNullable)
                    .flatMap(List::stream);
        }
    }

    /** @param containerID {@code containerd://…}; empty or absent until it runs */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Container(String name, String containerID) {
        String id() {
            int scheme = containerID.indexOf("://");
            return scheme < 0 ? containerID : containerID.substring(scheme + 3);
        }
    }

    PodDescription describe(PodLabels shown) {
        ObjectMeta metadata = getMetadata();
        Map<String, String> labels = Optional.ofNullable(metadata.getLabels()).orElse(Map.of());
        return new PodDescription(
                namespace(),
                name(),
                Optional.ofNullable(metadata.getUid()).orElse(""),
                controller(metadata, Optional.ofNullable(labels.get(TEMPLATE_HASH))),
                shown.of(labels),
                containers());
    }

    private static Optional<PodController> controller(ObjectMeta metadata, Optional<String> templateHash) {
        return metadata.getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .filter(owner -> owner.getKind() != null && owner.getName() != null)
                .findFirst()
                .map(owner -> PodController.of(owner.getKind(), owner.getName(), templateHash));
    }

    private Map<String, String> containers() {
        Map<String, String> names = new HashMap<>();
        Stream.ofNullable(status)
                .flatMap(Status::all)
                .filter(container -> container != null && container.name() != null)
                .filter(container -> container.containerID() != null
                        && !container.containerID().isEmpty())
                .forEach(container -> names.put(container.id(), container.name()));
        return names;
    }
}
