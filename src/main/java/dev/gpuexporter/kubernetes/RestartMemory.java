package dev.gpuexporter.kubernetes;

import static java.util.stream.Collectors.toSet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the map out of the kubelet's answers and bridges its restarts. A kubelet that has just started lists nothing,
 * then a few pods, then all; with the API server away it lists static pods alone. So for a while after each reconnect a
 * device that is missing keeps its owner, and one that is listed has the owner that is listed. A kubelet that goes on
 * answering is believed in everything. For one thread.
 */
final class RestartMemory {
    private final Duration keepFor;
    private final GpuResources resources;

    private Instant answeredAt = Instant.EPOCH;
    private Instant silentSince;
    private boolean brokenOff;
    private long connection;
    private List<Allocation> listed = List.of();
    private final Unconfirmed<Allocation> unlisted = new Unconfirmed<>();
    private Optional<Map<String, Set<DeviceId>>> allocatable = Optional.empty();
    private final Unconfirmed<Map.Entry<String, Set<DeviceId>>> unregistered = new Unconfirmed<>();

    RestartMemory(Duration keepFor, GpuResources resources) {
        this.keepFor = keepFor;
        this.resources = resources;
    }

    WorkloadIndex answered(PodResourcesAnswer answer, Instant now) {
        Instant end = now.plus(keepFor);
        if (brokenOff || answer.connection() != connection) {
            unlisted.add(listed, end);
            allocatable.ifPresent(devices -> unregistered.add(devices.entrySet(), end));
        } else if (answer.allocatable().isEmpty()) {
            allocatable.ifPresent(devices -> unregistered.add(devices.entrySet(), end));
        }
        answeredAt = now;
        silentSince = null;
        brokenOff = false;
        connection = answer.connection();
        listed = answer.allocations();
        forgetWhatHasNewOwners();
        allocatable = answer.allocatable();
        allocatable.ifPresent(devices -> unregistered.removeIf(entry -> devices.containsKey(entry.getKey())));
        return index(now);
    }

    /** Without an answer the map stands for a while. A kubelet that is up is not one that restarts. */
    WorkloadIndex unanswered(boolean kubeletIsUp, Instant now) {
        brokenOff |= !kubeletIsUp;
        if (silentSince == null || now.isBefore(silentSince)) { // for the first time, or the clock was set back
            silentSince = now;
        }
        if (standsFor(now).isZero()) {
            listed = List.of();
            unlisted.clear();
            allocatable = Optional.empty();
            unregistered.clear();
        }
        return index(now);
    }

    /** How long the map still stands if no answer comes. */
    Duration standsFor(Instant now) {
        Duration left = silentSince == null ? keepFor : keepFor.minus(Duration.between(silentSince, now));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void forgetWhatHasNewOwners() {
        Set<Object> given = listed.stream().map(one -> key(one, one.device())).collect(toSet());
        Set<Object> touched =
                listed.stream().map(one -> key(one, one.device().whole())).collect(toSet());
        // Shares of one device go to many; who has all of it has it alone.
        unlisted.removeIf(old -> old.device().shared()
                ? given.contains(key(old, old.device()))
                        || given.contains(key(old, old.device().whole()))
                : touched.contains(key(old, old.device())));
    }

    /** A GPU is the same one under a new resource name; the number 0 under another name is another device. */
    private static Object key(Allocation allocation, DeviceId device) {
        return device.provesNvidia() ? device : Map.entry(allocation.resource(), device);
    }

    private WorkloadIndex index(Instant now) {
        List<Allocation> owned = new ArrayList<>(listed);
        owned.addAll(unlisted.at(now, keepFor));
        Map<String, Set<DeviceId>> healthy = new HashMap<>(allocatable.orElse(Map.of()));
        unregistered.at(now, keepFor).forEach(entry -> healthy.put(entry.getKey(), entry.getValue()));
        boolean known = allocatable.isPresent() || !healthy.isEmpty();
        return WorkloadIndex.of(answeredAt, owned, known ? Optional.of(healthy) : Optional.empty(), resources);
    }
}
