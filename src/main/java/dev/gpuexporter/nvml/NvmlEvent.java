package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.nvmlEventTypeXidCriticalError;

import java.util.OptionalInt;

/**
 * Something that a GPU told of on its own.
 *
 * @param type one of {@code nvmlEventType…}; newer drivers know more of them than we do
 * @param data the Xid, 999 where the driver does not know it; nothing for any other type
 * @param gpuInstance the part of a GPU in MIG mode that an Xid hit
 * @param computeInstance the part of that part
 */
public record NvmlEvent(long type, long data, OptionalInt gpuInstance, OptionalInt computeInstance) {

    /** Empty for any other event. */
    public OptionalInt xid() {
        return type == nvmlEventTypeXidCriticalError ? OptionalInt.of((int) data) : OptionalInt.empty();
    }
}
