package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_GPU_UTILIZATION_SAMPLES;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_TOTAL_POWER_SAMPLES;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.Sample;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the driver samples by itself, more often than anybody polls, and keeps in buffers of its own that hold a few
 * seconds; {@code nvmlDeviceGetSamples}. Not answered where MIG is enabled.
 */
public final class DriverSamples {
    private static final String FUNCTION = "nvmlDeviceGetSamples";
    private static final double NO_VALUE = 0xffffffffL;

    /** More than a driver keeps; one that names more is not to take the exporter's memory. */
    private static final int MOST = 16_384;

    private final NvmlLibrary nvml;
    private final DeviceCalls calls;
    private final Buffer power = new Buffer(NVML_TOTAL_POWER_SAMPLES);
    private final Buffer utilization = new Buffer(NVML_GPU_UTILIZATION_SAMPLES);

    DriverSamples(NvmlLibrary nvml, DeviceCalls calls) {
        this.nvml = nvml;
        this.calls = calls;
    }

    /**
     * Power of the whole board, watts. Some may come twice.
     *
     * @return those taken since the last poll; no Optional where the driver keeps none
     */
    public Optional<List<DriverSample>> powerWatts() throws NvmlException {
        return power.sinceLastTime(1000, NO_VALUE);
    }

    /** The share of each sample's period in which a kernel ran, 0–1; as {@link #powerWatts()}. */
    public Optional<List<DriverSample>> utilizationRatio() throws NvmlException {
        return utilization.sinceLastTime(100, 101);
    }

    /** One kind of sample, and how far its buffer has been read. */
    private final class Buffer {
        private final int type;
        private final Memory valueType = new Memory(Integer.BYTES);
        private final Memory count = new Memory(Integer.BYTES);
        private Memory samples;

        /** The same memory: to look at it through JNA would be a call into C each time. */
        private ByteBuffer slots;

        private long lastSeen;

        Buffer(int type) {
            this.type = type;
        }

        /** @param impossible values from here on are marks, or what drivers are known to get wrong */
        Optional<List<DriverSample>> sinceLastTime(double unit, double impossible) throws NvmlException {
            return calls.questions().ask(FUNCTION + "(" + type, () -> read(unit, impossible));
        }

        private List<DriverSample> read(double unit, double impossible) throws NvmlException {
            if (samples == null) {
                OptionalInt room = room();
                if (room.isEmpty()) {
                    return List.of();
                }
                samples = new Memory((long) room.getAsInt() * Sample.LAYOUT.size());
                slots = samples.getByteBuffer(0, samples.size());
            }
            samples.clear();
            count.setInt(0, (int) (samples.size() / Sample.LAYOUT.size()));
            if (!call(samples)) {
                // Nothing is new: then all is asked for the next time, should it be that the clock was set back.
                lastSeen = 0;
                return List.of();
            }
            return decode(unit, impossible);
        }

        /** How many samples the driver's buffer holds. */
        private OptionalInt room() throws NvmlException {
            count.setInt(0, 0);
            return call(null) && count.getInt(0) != 0
                    ? OptionalInt.of(NvmlBuffer.count(count, MOST))
                    : OptionalInt.empty();
        }

        /** Whether there are samples. */
        private boolean call(Pointer out) throws NvmlException {
            NvmlReturn code =
                    NvmlReturn.of(nvml.nvmlDeviceGetSamples(calls.handle(), type, lastSeen, valueType, count, out));
            if (code == NvmlReturn.INSUFFICIENT_SIZE) { // the driver's buffer has grown
                samples = null;
            }
            if (code != NvmlReturn.NOT_FOUND) {
                DeviceCalls.check(FUNCTION, code.code());
            }
            return code == NvmlReturn.SUCCESS;
        }

        private List<DriverSample> decode(double unit, double impossible) {
            List<DriverSample> decoded = new ArrayList<>();
            int kind = valueType.getInt(0);
            int found = NvmlBuffer.count(count, (int) (samples.size() / Sample.LAYOUT.size()));
            for (int i = 0; i < found; i++) {
                int slot = i * Sample.LAYOUT.size();
                long micros = slots.getLong(slot + Sample.TIME_STAMP.offset());
                if (micros > 0 && NvmlValue.isKnown(kind)) {
                    double value = NvmlValue.number(kind, slots, slot + Sample.SAMPLE_VALUE.offset());
                    if (value < impossible) {
                        lastSeen = Math.max(lastSeen, micros);
                        decoded.add(new DriverSample(time(micros), value / unit));
                    }
                }
            }
            return decoded;
        }

        private static Instant time(long micros) {
            return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
        }
    }
}
