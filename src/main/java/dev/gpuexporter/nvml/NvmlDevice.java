package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import com.sun.jna.Pointer;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/**
 * One GPU in Java's words. A reading that the GPU does not support is empty; one that failed throws the driver's code.
 * Within a poll every function is called once at the most, whoever asks. For one thread at a time.
 */
public final class NvmlDevice {
    private static final DoubleUnaryOperator SAME = DoubleUnaryOperator.identity();
    private static final DoubleUnaryOperator PERCENT = percent -> percent / 100;
    private static final DoubleUnaryOperator MILLI = value -> value / 1000;
    private static final int UNKNOWN_PERFORMANCE_STATE = 32;

    private final NvmlLibrary nvml;
    private final DeviceCalls calls;
    private final DeviceIdentity identity;
    private final DriverVersions versions;
    private final Temperatures temperatures;
    private final Clocks clocks;
    private final MemoryHealth memoryHealth;
    private final DriverSamples samples;
    private final Platform platform;
    private final VgpuHost vgpuHost;
    private final MigDevices migDevices;
    private final Profiler profiler;
    private final Fields fields;
    private final PcieLink pcie;
    private final NvLinks nvLinks;
    private final Fabric fabric;
    private final DeviceEvents events;
    private final DeviceProcesses processes;

    NvmlDevice(
            NvmlLibrary nvml,
            Pointer handle,
            DeviceIdentity identity,
            DriverVersions versions,
            CounterMemory counterMemory,
            ProcessVisibility visibility) {
        this.nvml = nvml;
        this.calls = new DeviceCalls(handle);
        this.identity = identity;
        this.versions = versions;
        this.temperatures = new Temperatures(nvml, calls);
        this.clocks = new Clocks(nvml, calls);
        this.memoryHealth = new MemoryHealth(nvml, calls);
        this.samples = new DriverSamples(nvml, calls);
        this.platform = new Platform(nvml, calls);
        this.vgpuHost = new VgpuHost(nvml, calls);
        this.fields = new Fields(nvml, calls, counterMemory);
        this.pcie = new PcieLink(nvml, calls, fields, counterMemory);
        this.nvLinks = new NvLinks(nvml, calls, fields, counterMemory);
        this.fabric = new Fabric(nvml, calls);
        this.events = new DeviceEvents(nvml, calls);
        this.processes = new DeviceProcesses(nvml, calls, visibility);
        Gpm gpm = new Gpm(nvml, handle, System::nanoTime);
        this.migDevices = new MigDevices(nvml, calls, gpm);
        this.profiler = gpm.ofGpu();
    }

    public DeviceIdentity identity() {
        return identity;
    }

    public DriverVersions versions() {
        return versions;
    }

    /** What its sensors say, and its fans. */
    public Temperatures temperatures() {
        return temperatures;
    }

    public Clocks clocks() {
        return clocks;
    }

    /** How worn its memory is. */
    public MemoryHealth memoryHealth() {
        return memoryHealth;
    }

    /** What the driver samples between two polls. */
    public DriverSamples samples() {
        return samples;
    }

    /** The board and where it is. */
    public Platform platform() {
        return platform;
    }

    /** Virtual GPUs, on their host. */
    public VgpuHost vgpuHost() {
        return vgpuHost;
    }

    public DeviceEvents events() {
        return events;
    }

    public DeviceProcesses processes() {
        return processes;
    }

    public PcieLink pcie() {
        return pcie;
    }

    public NvLinks nvLinks() {
        return nvLinks;
    }

    public Fabric fabric() {
        return fabric;
    }

    /**
     * Says which field values {@link #field} will be asked for: all are read in one call.
     *
     * @param counters those that count; one that the hardware counts in 32 bits goes on past them
     */
    public void wantFields(Collection<Field> wanted, Set<Field> counters) {
        fields.want(wanted, counters);
    }

    /** Forgets the last poll's answers. */
    public void beginPoll() {
        calls.beginPoll();
        fields.beginPoll();
        processes.beginPoll();
        profiler.beginPoll();
    }

    /**
     * Asks again for what the GPU did not support or did not allow, since its modes, or our rights, may have changed, and
     * for what stays the same as long as it is what it is.
     */
    public void forgetUnsupported() {
        calls.forget();
        fields.forgetUnsupported();
        nvLinks.forget();
        migDevices.forgetUnsupported();
        profiler.forgetUnsupported();
    }

    /** Gives back what NVML holds for this object; nobody may use it afterwards. For a thread that may call NVML. */
    public void release() {
        migDevices.release();
        profiler.release();
    }

    /** The parts that the GPU is cut into in MIG mode. */
    public MigDevices migDevices() {
        return migDevices;
    }

    /** What its units do; not in MIG mode. */
    public Profiler profiler() {
        return profiler;
    }

    /** A value of {@code nvmlDeviceGetFieldValues}, in the driver's own unit. */
    public OptionalDouble field(int id) throws NvmlException {
        return fields.get(id);
    }

    /** 1 where MIG is enabled, 0 where it is not; {@code nvmlDeviceGetMigMode}. */
    public OptionalDouble migEnabled() throws NvmlException {
        return calls.firstOfPair("nvmlDeviceGetMigMode", nvml::nvmlDeviceGetMigMode, SAME);
    }

    /** As {@link #migEnabled}, after the GPU's next reset. */
    public OptionalDouble migPending() throws NvmlException {
        return calls.secondOfPair("nvmlDeviceGetMigMode", nvml::nvmlDeviceGetMigMode);
    }

    /** The share of the last sample period in which a kernel ran, and in which memory was read or written, 0–1. */
    public Optional<UtilizationRates> utilization() throws NvmlException {
        return calls.struct(
                "nvmlDeviceGetUtilizationRates",
                NvmlStructs.Utilization.LAYOUT,
                nvml::nvmlDeviceGetUtilizationRates,
                out -> new UtilizationRates(
                        NvmlStructs.Utilization.GPU.u32(out) / 100.0, NvmlStructs.Utilization.MEMORY.u32(out) / 100.0));
    }

    public OptionalDouble encoderUtilizationRatio() throws NvmlException {
        return calls.firstOfPair("nvmlDeviceGetEncoderUtilization", nvml::nvmlDeviceGetEncoderUtilization, PERCENT);
    }

    public OptionalDouble decoderUtilizationRatio() throws NvmlException {
        return calls.firstOfPair("nvmlDeviceGetDecoderUtilization", nvml::nvmlDeviceGetDecoderUtilization, PERCENT);
    }

    public OptionalDouble jpegUtilizationRatio() throws NvmlException {
        return calls.firstOfPair("nvmlDeviceGetJpgUtilization", nvml::nvmlDeviceGetJpgUtilization, PERCENT);
    }

    public OptionalDouble ofaUtilizationRatio() throws NvmlException {
        return calls.firstOfPair("nvmlDeviceGetOfaUtilization", nvml::nvmlDeviceGetOfaUtilization, PERCENT);
    }

    /** 0 (fastest) to 15. */
    public OptionalDouble performanceState() throws NvmlException {
        OptionalDouble state = calls.u32("nvmlDeviceGetPerformanceState", nvml::nvmlDeviceGetPerformanceState);
        return state.isPresent() && state.getAsDouble() == UNKNOWN_PERFORMANCE_STATE ? OptionalDouble.empty() : state;
    }

    public Optional<MemoryUse> memory() throws NvmlException {
        return MemoryUse.read(nvml, calls);
    }

    public Optional<MemoryUse> bar1Memory() throws NvmlException {
        return MemoryUse.readBar1(nvml, calls);
    }

    /** Of the whole board: a one-second average from Ampere on, A100 excepted; an instant before. */
    public OptionalDouble powerDrawWatts() throws NvmlException {
        return calls.u32("nvmlDeviceGetPowerUsage", nvml::nvmlDeviceGetPowerUsage, MILLI);
    }

    /** The limit that somebody set. */
    public OptionalDouble powerLimitWatts() throws NvmlException {
        return calls.u32("nvmlDeviceGetPowerManagementLimit", nvml::nvmlDeviceGetPowerManagementLimit, MILLI);
    }

    public OptionalDouble powerLimitDefaultWatts() throws NvmlException {
        return calls.ofItsMake()
                .u32("nvmlDeviceGetPowerManagementDefaultLimit", nvml::nvmlDeviceGetPowerManagementDefaultLimit, MILLI);
    }

    /** The lowest of all limits in force. */
    public OptionalDouble powerLimitEnforcedWatts() throws NvmlException {
        return calls.u32("nvmlDeviceGetEnforcedPowerLimit", nvml::nvmlDeviceGetEnforcedPowerLimit, MILLI);
    }

    /** Between which limits one may be set. */
    public Optional<PowerLimits> powerLimitRange() throws NvmlException {
        return calls.ofItsMake()
                .pair(
                        "nvmlDeviceGetPowerManagementLimitConstraints",
                        nvml::nvmlDeviceGetPowerManagementLimitConstraints)
                .map(range -> new PowerLimits(range[0] / 1000.0, range[1] / 1000.0));
    }

    /** Since the driver was loaded. */
    public OptionalDouble energyJoules() throws NvmlException {
        OptionalDouble field = field(NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION);
        return DeviceCalls.in(
                MILLI,
                field.isPresent()
                        ? field
                        : calls.u64("nvmlDeviceGetTotalEnergyConsumption", nvml::nvmlDeviceGetTotalEnergyConsumption));
    }

    /** 1 where ECC is on, 0 where it is off; {@code nvmlDeviceGetEccMode}. */
    public OptionalDouble eccEnabled() throws NvmlException {
        return calls.firstOfPair("nvmlDeviceGetEccMode", nvml::nvmlDeviceGetEccMode, SAME);
    }

    /** What {@link #eccEnabled} will be once the GPU is reset. */
    public OptionalDouble eccEnabledAfterReset() throws NvmlException {
        return calls.secondOfPair("nvmlDeviceGetEccMode", nvml::nvmlDeviceGetEccMode);
    }

    /**
     * Errors since the driver was loaded (volatile) or in the GPU's life (aggregate).
     *
     * @param type one of {@code NVML_MEMORY_ERROR_TYPE_…}
     * @param counter {@code NVML_VOLATILE_ECC} or {@code NVML_AGGREGATE_ECC}
     */
    public OptionalDouble eccErrors(int type, int counter) throws NvmlException {
        return calls.u64(
                "nvmlDeviceGetTotalEccErrors(" + type + "," + counter,
                (device, out) -> nvml.nvmlDeviceGetTotalEccErrors(device, type, counter, out));
    }

    /** Errors of one {@code NVML_MEMORY_LOCATION_…}. */
    public OptionalDouble eccErrors(int type, int counter, int location) throws NvmlException {
        return calls.u64(
                "nvmlDeviceGetMemoryErrorCounter(" + type + "," + counter + "," + location,
                (device, out) -> nvml.nvmlDeviceGetMemoryErrorCounter(device, type, counter, location, out));
    }
}
