package dev.gpuexporter.kubernetes;

import java.util.Map;
import java.util.Objects;

/**
 * The devices of one pool, or of a part of it, by their names.
 *
 * @param generation grows each time that the driver describes the pool anew
 */
record PoolDevices(String driver, String pool, long generation, Map<String, DraDevice> devices) {
    PoolDevices {
        Objects.requireNonNull(driver, "driver");
        Objects.requireNonNull(pool, "pool");
        devices = Map.copyOf(devices);
    }
}
