package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import java.util.OptionalDouble;

/** The link between one GPU and its host. */
public final class PcieLink {
    /** What a lane of the first generation carries, coding not taken off; every generation doubles it. */
    private static final double FIRST_LANE_BYTES_PER_SECOND = 2.5e9 / 8;

    private static final double KILO = 1000;

    private final NvmlLibrary nvml;
    private final DeviceCalls calls;
    private final Fields fields;
    private final CounterMemory memory;
    private final PcieByteCounter transmitted;
    private final PcieByteCounter received;

    PcieLink(NvmlLibrary nvml, DeviceCalls calls, Fields fields, CounterMemory memory) {
        this.nvml = nvml;
        this.calls = calls;
        this.fields = fields;
        this.memory = memory;
        this.transmitted = memory.pcieBytes(Field.of(NVML_FI_DEV_PCIE_COUNT_TX_BYTES));
        this.received = memory.pcieBytes(Field.of(NVML_FI_DEV_PCIE_COUNT_RX_BYTES));
    }

    public OptionalDouble generation() throws NvmlException {
        return calls.u32("nvmlDeviceGetCurrPcieLinkGeneration", nvml::nvmlDeviceGetCurrPcieLinkGeneration);
    }

    public OptionalDouble generationMax() throws NvmlException {
        return calls.ofItsMake().u32("nvmlDeviceGetMaxPcieLinkGeneration", nvml::nvmlDeviceGetMaxPcieLinkGeneration);
    }

    public OptionalDouble width() throws NvmlException {
        return calls.u32("nvmlDeviceGetCurrPcieLinkWidth", nvml::nvmlDeviceGetCurrPcieLinkWidth);
    }

    public OptionalDouble widthMax() throws NvmlException {
        return calls.ofItsMake().u32("nvmlDeviceGetMaxPcieLinkWidth", nvml::nvmlDeviceGetMaxPcieLinkWidth);
    }

    /** Packets sent again, since the driver was loaded. */
    public OptionalDouble replays() throws NvmlException {
        OptionalDouble field = fields.get(NVML_FI_DEV_PCIE_REPLAY_COUNTER);
        if (field.isPresent()) {
            return field;
        }
        String function = "nvmlDeviceGetPcieReplayCounter";
        return DeviceCalls.in(
                raw -> memory.continued(function, (long) raw),
                calls.u32(function, nvml::nvmlDeviceGetPcieReplayCounter));
    }

    /** From the GPU to its host; empty where the counter may have wrapped unseen. */
    public OptionalDouble transmitBytes() throws NvmlException {
        return bytes(NVML_FI_DEV_PCIE_COUNT_TX_BYTES, transmitted);
    }

    /** From the host to the GPU; empty where the counter may have wrapped unseen. */
    public OptionalDouble receiveBytes() throws NvmlException {
        return bytes(NVML_FI_DEV_PCIE_COUNT_RX_BYTES, received);
    }

    private OptionalDouble bytes(int id, PcieByteCounter counter) throws NvmlException {
        FieldValues.Value value = fields.raw(id, 0);
        return value == null
                ? OptionalDouble.empty()
                : counter.next((long) value.number(), value.micros(), mostBytesPerSecond());
    }

    /** What the link can carry each way at its best; infinite where the driver does not say. */
    private double mostBytesPerSecond() throws NvmlException {
        OptionalDouble generation = generationMax();
        OptionalDouble width = widthMax();
        if (generation.isEmpty() || width.isEmpty()) {
            return Double.POSITIVE_INFINITY;
        }
        return FIRST_LANE_BYTES_PER_SECOND * Math.pow(2, generation.getAsDouble() - 1) * width.getAsDouble();
    }

    /** Bytes a second over the last 20 ms, for which the call blocks. */
    public OptionalDouble transmitBytesPerSecond() throws NvmlException {
        return throughput(NVML_PCIE_UTIL_TX_BYTES);
    }

    /** Bytes a second over the last 20 ms, for which the call blocks. */
    public OptionalDouble receiveBytesPerSecond() throws NvmlException {
        return throughput(NVML_PCIE_UTIL_RX_BYTES);
    }

    /** The driver's unit is KB/s. */
    private OptionalDouble throughput(int counter) throws NvmlException {
        return calls.u32(
                "nvmlDeviceGetPcieThroughput(" + counter,
                (device, out) -> nvml.nvmlDeviceGetPcieThroughput(device, counter, out),
                kilobytes -> KILO * kilobytes);
    }
}
