package dev.gpuexporter.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A ResourceSlice as far as it is in use: some or all devices of one pool. */
abstract class NodeSlice extends WatchedObject {
    private static final String GROUP = "resource.k8s.io";
    private static final String KIND = "ResourceSlice";

    @JsonProperty
    private Spec spec;

    /** Since Kubernetes 1.34. */
    @Group(GROUP)
    @Version("v1")
    @Kind(KIND)
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonDeserialize(using = JsonDeserializer.None.class)
    static final class V1 extends NodeSlice {}

    /** Since Kubernetes 1.32. */
    @Group(GROUP)
    @Version("v1beta1")
    @Kind(KIND)
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonDeserialize(using = JsonDeserializer.None.class)
    static final class V1beta1 extends NodeSlice {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Spec(String driver, Pool pool, List<Device> devices) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Pool(String name, long generation) {}

    /** @param basic where v1beta1 has the attributes */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Device(String name, Map<String, Attribute> attributes, Device basic) {
        /** A name without a domain is short for one in the driver's. */
        Optional<String> text(String driver, String attribute) {
            Map<String, Attribute> all = basic == null ? attributes : basic.attributes;
            return Optional.ofNullable(all)
                    .map(known -> known.getOrDefault(attribute, known.get(driver + "/" + attribute)))
                    .map(Attribute::string);
        }
    }

    /** One of several types; numbers and versions are not in use. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Attribute(String string) {}

    PoolDevices devices() {
        if (spec == null || spec.driver == null || spec.pool == null || spec.pool.name == null) {
            return new PoolDevices("", "", 0, Map.of());
        }
        Map<String, DraDevice> found = new HashMap<>();
        Stream.ofNullable(spec.devices)
                .flatMap(List::stream)
                .filter(device -> device != null && device.name != null)
                .forEach(device -> device.text(spec.driver, "uuid")
                        .ifPresent(uuid ->
                                found.put(device.name, new DraDevice(uuid, device.text(spec.driver, "parentUUID")))));
        return new PoolDevices(spec.driver, spec.pool.name, spec.pool.generation, found);
    }
}
