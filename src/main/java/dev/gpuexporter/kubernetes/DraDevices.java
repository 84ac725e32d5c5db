package dev.gpuexporter.kubernetes;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The node's DRA devices as its ResourceSlices listed them at one time: immutable, swapped in whole. */
public final class DraDevices {
    /** Nobody says what there is. */
    public static final DraDevices NONE = of(List.of());

    private final Map<DeviceId.Claimed, DraDevice> byId = new HashMap<>();

    private DraDevices() {}

    /** While a driver replaces the slices of a pool, those of the older generation may still be there. */
    static DraDevices of(Collection<PoolDevices> pools) {
        DraDevices all = new DraDevices();
        pools.stream()
                .sorted((one, other) -> Long.compare(one.generation(), other.generation()))
                .forEach(pool -> pool.devices()
                        .forEach((name, device) -> all.byId.put(
                                new DeviceId.Claimed(pool.driver(), pool.pool(), name, Optional.empty()), device)));
        return all;
    }

    /** What was claimed: driver, pool and device are its key, whichever share of it is held. */
    public Optional<DraDevice> device(DeviceId.Claimed claimed) {
        return Optional.ofNullable(byId.get(claimed.whole()));
    }
}
