package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.FieldValue;

/** Many readings in one call. */
interface FieldCalls extends SystemCalls {
    /** Succeeds as a whole whatever becomes of each value; what is refused gets its code and nothing else. */
    @Override
    default int nvmlDeviceGetFieldValues(Pointer device, int valuesCount, Pointer values) {
        return gate().onGpu("nvmlDeviceGetFieldValues", device, gpu -> {
            Arguments.present(values);
            if (valuesCount <= 0) {
                throw Refusal.invalidArgument();
            }
            FieldReadings readings =
                    new FieldReadings(gpu, gate().node().scenario().driverVersion());
            long now = gate().node().nowMicros();
            for (int i = 0; i < valuesCount; i++) {
                write(values.share((long) i * FieldValue.LAYOUT.size()), readings, now);
            }
        });
    }

    private static void write(Pointer value, FieldReadings readings, long nowMicros) {
        try {
            FieldReading reading = readings.read(FieldValue.FIELD_ID.s32(value), FieldValue.SCOPE_ID.s32(value));
            FieldValue.TIMESTAMP.set(value, nowMicros);
            FieldValue.LATENCY_USEC.set(value, 1L);
            FieldValue.VALUE_TYPE.set(value, (long) reading.type());
            reading.writeTo(value.share(FieldValue.VALUE.offset()));
            FieldValue.NVML_RETURN.set(value, (long) NvmlReturn.SUCCESS.code());
        } catch (Refusal e) {
            FieldValue.NVML_RETURN.set(value, (long) e.code().code());
        }
    }
}
