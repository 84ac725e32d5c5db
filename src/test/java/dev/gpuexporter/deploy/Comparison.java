package dev.gpuexporter.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where Helm and kustomize make different objects, but for where they cannot or need not agree: Helm's own labels; the
 * namespace, which Helm makes itself; and the order in lists of things that have names, such as variables and volumes.
 */
final class Comparison {
    private static final Set<String> HELMS_LABELS =
            Set.of("app.kubernetes.io/managed-by", "app.kubernetes.io/version", "helm.sh/chart");

    private final Map<String, String> values = new TreeMap<>();

    private Comparison(Manifests manifests) {
        manifests
                .ofKind(kind -> !kind.equals("Namespace"))
                .objects()
                .forEach(object -> add(
                        object.path("kind").asText() + " "
                                + object.at("/metadata/name").asText(),
                        object));
    }

    /** A line for each value that is another one, or is on one side only. */
    static List<String> of(Manifests helm, Manifests kustomize) {
        Map<String, String> helms = new Comparison(helm).values;
        Map<String, String> kustomizes = new Comparison(kustomize).values;
        Set<String> places = new TreeSet<>(helms.keySet());
        places.addAll(kustomizes.keySet());
        return places.stream()
                .filter(place -> !Objects.equals(helms.get(place), kustomizes.get(place)))
                .map(place ->
                        place + " is " + helms.get(place) + " by Helm and " + kustomizes.get(place) + " by kustomize")
                .toList();
    }

    private void add(String place, JsonNode node) {
        if (node.isObject() && !node.isEmpty()) {
            node.fields().forEachRemaining(field -> {
                if (!place.endsWith("/metadata/labels") || !HELMS_LABELS.contains(field.getKey())) {
                    add(place + "/" + field.getKey(), field.getValue());
                }
            });
        } else if (node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                add(place + "/" + node.get(i).path("name").asText(String.valueOf(i)), node.get(i));
            }
        } else if (values.put(place, node.toString()) != null) {
            throw new AssertionError(place + " is there twice");
        }
    }
}
