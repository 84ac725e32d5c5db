package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;

/** Power, milliwatts, and energy, millijoules. */
interface PowerCalls extends SystemCalls {
    @Override
    default int nvmlDeviceGetPowerUsage(Pointer device, Pointer power) {
        return gate().u32("nvmlDeviceGetPowerUsage", device, power, gpu -> milli(gpu.powerUsageWatts()));
    }

    @Override
    default int nvmlDeviceGetPowerManagementLimit(Pointer device, Pointer limit) {
        return gate().u32("nvmlDeviceGetPowerManagementLimit", device, limit, gpu -> milli(gpu.powerLimitWatts()));
    }

    @Override
    default int nvmlDeviceGetPowerManagementDefaultLimit(Pointer device, Pointer defaultLimit) {
        return gate().u32(
                        "nvmlDeviceGetPowerManagementDefaultLimit",
                        device,
                        defaultLimit,
                        gpu -> milli(gpu.model().power().defaultLimit()));
    }

    @Override
    default int nvmlDeviceGetPowerManagementLimitConstraints(Pointer device, Pointer minLimit, Pointer maxLimit) {
        return gate().u32(
                        "nvmlDeviceGetPowerManagementLimitConstraints",
                        device,
                        minLimit,
                        maxLimit,
                        gpu -> milli(gpu.model().power().minLimit()),
                        gpu -> milli(gpu.model().power().maxLimit()));
    }

    @Override
    default int nvmlDeviceGetEnforcedPowerLimit(Pointer device, Pointer limit) {
        return gate().u32("nvmlDeviceGetEnforcedPowerLimit", device, limit, gpu -> milli(gpu.powerLimitWatts()));
    }

    @Override
    default int nvmlDeviceGetTotalEnergyConsumption(Pointer device, Pointer energy) {
        return gate().u64("nvmlDeviceGetTotalEnergyConsumption", device, energy, gpu ->
                (long) gpu.state().counters().energyMillijoules());
    }

    /** Milliwatts of so many watts. */
    static long milli(double watts) {
        return Math.round(1000 * watts);
    }
}
