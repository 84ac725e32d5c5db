package dev.gpuexporter.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is in use of a ResourceSlice: the devices of one pool or of a part of it, by their names.
 *
 * @param generation of the pool that the slice describes
 */
record Slice(String driver, String pool, long generation, Map<String, DraDevice> devices) {
    /** Reads any version of the API: a device's attributes lie in {@code basic} before v1beta2. */
    static Slice of(GenericKubernetesResource slice) {
        String driver = text(slice.get("spec", "driver")).orElse("");
        Map<String, DraDevice> devices = new HashMap<>();
        if (slice.get("spec", "devices") instanceof List<?> list) {
            for (Object device : list) {
                if (device instanceof Map<?, ?> fields) {
                    text(fields.get("name"))
                            .ifPresent(name -> device(driver, fields).ifPresent(found -> devices.put(name, found)));
                }
            }
        }
        return new Slice(
                driver,
                text(slice.get("spec", "pool", "name")).orElse(""),
                slice.get("spec", "pool", "generation") instanceof Number generation ? generation.longValue() : 0,
                Map.copyOf(devices));
    }

    private static Optional<DraDevice> device(String driver, Map<?, ?> fields) {
        Map<?, ?> basic = fields.get("basic") instanceof Map<?, ?> older ? older : fields;
        if (!(basic.get("attributes") instanceof Map<?, ?> attributes)) {
            return Optional.empty();
        }
        return attribute(driver, attributes, "uuid")
                .map(uuid -> new DraDevice(uuid, attribute(driver, attributes, "parentUUID")));
    }

    /** A name without a domain is short for one in the driver's. */
    private static Optional<String> attribute(String driver, Map<?, ?> attributes, String name) {
        Object value = attributes.containsKey(name) ? attributes.get(name) : attributes.get(driver + "/" + name);
        return value instanceof Map<?, ?> typed ? text(typed.get("string")) : Optional.empty();
    }

    private static Optional<String> text(Object value) {
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
