package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.FieldValue;
import java.nio.ByteBuffer;

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
            FieldReadings readings = new FieldReadings(gpu, gate().node().throttleTimes());
            long now = gate().node().nowMicros();
            ByteBuffer slots = values.getByteBuffer(0, (long) valuesCount * FieldValue.LAYOUT.size());
            for (int i = 0; i < valuesCount; i++) {
                write(slots, i * FieldValue.LAYOUT.size(), readings, now);
            }
        });
    }

    private static void write(ByteBuffer slots, int slot, FieldReadings readings, long nowMicros) {
        try {
            FieldReading reading = readings.read(
                    slots.getInt(slot + FieldValue.FIELD_ID.offset()),
                    slots.getInt(slot + FieldValue.SCOPE_ID.offset()));
            slots.putLong(slot + FieldValue.TIMESTAMP.offset(), nowMicros);
            slots.putLong(slot + FieldValue.LATENCY_USEC.offset(), 1);
            slots.putInt(slot + FieldValue.VALUE_TYPE.offset(), reading.type());
            reading.writeTo(slots, slot + FieldValue.VALUE.offset());
            slots.putInt(slot + FieldValue.NVML_RETURN.offset(), NvmlReturn.SUCCESS.code());
        } catch (Refusal e) {
            slots.putInt(slot + FieldValue.NVML_RETURN.offset(), e.code().code());
        }
    }
}
