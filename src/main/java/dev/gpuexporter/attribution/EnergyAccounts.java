package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.SetBack;
import dev.gpuexporter.kubernetes.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Whose the energy was. What a GPU used between two polls is the exclusive owner's where that one has held it since the
 * first of the two; else it is nobody's, since no way of dividing it could be defended.
 */
final class EnergyAccounts {
    /** Scrapes must see where a counter ended. */
    static final Duration LINGERS = Duration.ofMinutes(5);

    private final Map<String, Reading> readings = new HashMap<>();
    private final Map<Holding, Account> accounts = new HashMap<>();

    /** NVML counts in thousandths of a joule, of which sums are exact. */
    private record Reading(Instant time, long millijoules) {}

    /** @param heldAt when its owner was last seen to hold the GPU alone */
    private record Account(long millijoules, Instant heldAt) {}

    /** Whether its owner held the GPU before the latest reading or after, nobody can tell now: this once it is nobody's. */
    void clockWas(SetBack setBack) {
        readings.clear();
        accounts.replaceAll((holding, account) -> new Account(account.millijoules(), setBack.past(account.heldAt())));
    }

    /** To be told of every view of the node, in their order; the same snapshot again adds nothing. */
    void note(NodeView node) {
        Instant now = node.snapshot().time();
        if (!node.snapshot().isNvmlUp()) {
            readings.clear(); // the driver may come back with other counters
        }
        for (DeviceReading device : node.snapshot().devices()) {
            device.value("gpu_energy_joules_total")
                    .ifPresent(joules ->
                            book(device.uuid(), new Reading(now, Math.round(joules * 1000)), node.owner(device)));
        }
        node.snapshot().devices().forEach(device -> keep(device, node.owner(device), now));
        accounts.values().removeIf(account -> account.heldAt().plus(LINGERS).isBefore(now));
    }

    private void book(String uuid, Reading reading, Ownership ownership) {
        Reading before = readings.put(uuid, reading);
        if (before == null || ownership.since().isAfter(before.time())) {
            return;
        }
        long used = Math.max(0, reading.millijoules() - before.millijoules()); // less: the driver has counted anew
        ownership
                .exclusiveOwner()
                .ifPresent(owner -> accounts.computeIfPresent(
                        new Holding(uuid, owner),
                        (holding, account) -> new Account(account.millijoules() + used, account.heldAt())));
    }

    /** Opens an account at 0 where the GPU has ever said what it uses. */
    private void keep(DeviceReading device, Ownership ownership, Instant now) {
        ownership
                .exclusiveOwner()
                .map(owner -> new Holding(device.uuid(), owner))
                .filter(holding -> accounts.containsKey(holding) || readings.containsKey(device.uuid()))
                .ifPresent(holding -> accounts.compute(
                        holding, (key, account) -> new Account(account == null ? 0 : account.millijoules(), now)));
    }

    /** Who has an account with that GPU. */
    Set<Workload> of(String uuid) {
        Set<Workload> owners = new HashSet<>();
        for (Holding holding : accounts.keySet()) {
            if (holding.device().equals(uuid)) {
                owners.add(holding.workload());
            }
        }
        return owners;
    }

    OptionalDouble joules(Holding holding) {
        Account account = accounts.get(holding);
        return account == null ? OptionalDouble.empty() : OptionalDouble.of(account.millijoules() / 1000.0);
    }
}
