package dev.gpuexporter.simulation;

/**
 * A virtual machine's part of a GPU.
 *
 * @param instance the driver's number for it, beyond what a signed int holds, as real ones are
 * @param pid of the process on the host that runs it
 */
record SimulatedVgpu(int instance, String uuid, int pid, boolean licensed) {
    private static final long FIRST_INSTANCE = 3_251_634_177L;

    static SimulatedVgpu of(int number, int pid, boolean licensed, Seed seed) {
        return new SimulatedVgpu((int) (FIRST_INSTANCE + number), Identity.uuid("", seed.of("vgpu")), pid, licensed);
    }
}
