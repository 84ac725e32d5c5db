package dev.gpuexporter.deploy;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What kustomize and Helm make, without where they cannot or need not agree: Helm's own labels; the namespace, which
 * Helm makes itself; and the order in lists of things that have names, such as variables and volumes.
 */
final class SameObjects {
    private static final List<String> HELMS_LABELS =
            List.of("app.kubernetes.io/managed-by", "app.kubernetes.io/version", "helm.sh/chart");

    private SameObjects() {}

    /** By kind and name. */
    static Map<String, JsonNode> of(Manifests manifests) {
        return manifests.ofKind(kind -> !kind.equals("Namespace")).objects().stream()
                .map(JsonNode::<ObjectNode>deepCopy)
                .peek(SameObjects::compare)
                .collect(toMap(
                        object -> object.path("kind").asText() + " "
                                + object.at("/metadata/name").asText(),
                        object -> object,
                        (one, other) -> {
                            throw new AssertionError("twice: " + one.path("metadata"));
                        },
                        TreeMap::new));
    }

    private static void compare(ObjectNode object) {
        ((ObjectNode) object.at("/metadata/labels")).remove(HELMS_LABELS);
        sort(object);
    }

    private static void sort(JsonNode node) {
        node.forEach(SameObjects::sort);
        if (node instanceof ArrayNode list && !list.isEmpty() && allHaveNames(list)) {
            List<JsonNode> items = new ArrayList<>();
            list.forEach(items::add);
            items.sort(Comparator.comparing(item -> item.path("name").asText()));
            list.removeAll().addAll(items);
        }
    }

    private static boolean allHaveNames(ArrayNode list) {
        for (JsonNode item : list) {
            if (!item.has("name")) {
                return false;
            }
        }
        return true;
    }
}
