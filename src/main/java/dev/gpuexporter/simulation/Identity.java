package dev.gpuexporter.simulation;

import java.util.UUID;

/**
 * Who a GPU is.
 *
 * @param uuid as NVML says it, {@code GPU-} and 32 hex digits in the five groups of a UUID
 * @param serial 13 digits
 * @param bus its number on the PCI bus, rising with the index, since NVML counts GPUs in the order of their bus ids
 */
record Identity(String uuid, String serial, int bus) {
    private static final int FIRST_BUS = 0x08;
    private static final int LAST_BUS = 0xFE;

    static Identity of(Seed seed, int index, int gpus) {
        int stride = (LAST_BUS - FIRST_BUS) / gpus;
        int bus = FIRST_BUS + index * stride + (int) (stride * seed.of("bus").uniform(0));
        return new Identity(uuid("GPU-", seed.of("uuid")), serial(seed.of("serial")), bus);
    }

    /** A random UUID after whatever it begins with. */
    static String uuid(String prefix, Seed seed) {
        long high = seed.bits(0) & 0xFFFFFFFFFFFF0FFFL | 0x4000L;
        long low = seed.bits(1) & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
        return prefix + new UUID(high, low);
    }

    private static String serial(Seed seed) {
        return "16%011d".formatted(Math.floorMod(seed.bits(0), 100_000_000_000L));
    }

    /** Domain, bus, device and function, the domain in as many digits as asked. */
    String busId(int domainDigits) {
        return "0".repeat(domainDigits) + ":%02X:00.0".formatted(bus);
    }
}
