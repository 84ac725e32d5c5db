package dev.gpuexporter.metrics;

import dev.gpuexporter.nvml.Field;
import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import java.util.List;

/** The field values that a metric asks of a device: the same of every device, or as many as it has links. */
@FunctionalInterface
public interface FieldsOfDevice {
    FieldsOfDevice NONE = device -> List.of();

    List<Field> of(NvmlDevice device) throws NvmlException;
}
