package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_DEVICE_UUID_BUFFER_SIZE;

import com.sun.jna.Memory;
import dev.gpuexporter.nvml.NvmlStructs.VgpuLicenseInfo;
import dev.gpuexporter.nvml.NvmlStructs.VgpuUtilizationSample;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntSupplier;

/** The virtual GPUs that a hypervisor's driver makes of a GPU. */
public final class VgpuHost {
    /** No GPU has so many; asking how many there are would be another call. */
    private static final int MOST = 64;

    private static final double NO_VALUE = 101;

    private final NvmlLibrary nvml;
    private final DeviceCalls calls;
    private final Memory instances = new Memory((long) MOST * Integer.BYTES);
    private final Memory samples = new Memory((long) MOST * VgpuUtilizationSample.LAYOUT.size());
    private final ByteBuffer slots = samples.getByteBuffer(0, samples.size());
    private final Memory valueType = new Memory(Integer.BYTES);
    private final Memory count = new Memory(Integer.BYTES);
    private final Memory answer = new Memory(NVML_DEVICE_UUID_BUFFER_SIZE);
    private long lastSeen;

    VgpuHost(NvmlLibrary nvml, DeviceCalls calls) {
        this.nvml = nvml;
        this.calls = calls;
    }

    /**
     * One virtual GPU.
     *
     * @param instance the driver's number for it while it runs
     * @param memoryUsedBytes framebuffer that the guest uses
     * @param licensed 1 where the guest has a license, 0 where not
     */
    public record Vgpu(int instance, String uuid, OptionalDouble memoryUsedBytes, OptionalDouble licensed) {}

    /** Shares of the GPU's time, 0–1; empty where the driver gives none. */
    public record Use(
            OptionalDouble sm, OptionalDouble memoryController, OptionalDouble encoder, OptionalDouble decoder) {}

    /** An {@code nvmlGpuVirtualizationMode_t}; {@code nvmlDeviceGetVirtualizationMode}. */
    public OptionalDouble virtualizationMode() throws NvmlException {
        return calls.u32("nvmlDeviceGetVirtualizationMode", nvml::nvmlDeviceGetVirtualizationMode);
    }

    /**
     * Those that run, by {@code nvmlDeviceGetActiveVgpus}; no Optional where the driver is no hypervisor's. They come
     * and go, so what one does not answer is not remembered.
     */
    public Optional<List<Vgpu>> vgpus() throws NvmlException {
        return calls.questions().ask("nvmlDeviceGetActiveVgpus", () -> {
            count.setInt(0, MOST);
            DeviceCalls.check(
                    "nvmlDeviceGetActiveVgpus", nvml.nvmlDeviceGetActiveVgpus(calls.handle(), count, instances));
            List<Vgpu> vgpus = new ArrayList<>();
            for (int instance : instances.getIntArray(0, NvmlBuffer.count(count, MOST))) {
                vgpu(instance).ifPresent(vgpus::add);
            }
            return vgpus;
        });
    }

    /** Empty where it has gone meanwhile. */
    private Optional<Vgpu> vgpu(int instance) throws NvmlException {
        answer.clear();
        if (!answers(
                "nvmlVgpuInstanceGetUUID",
                () -> nvml.nvmlVgpuInstanceGetUUID(instance, answer, NVML_DEVICE_UUID_BUFFER_SIZE))) {
            return Optional.empty();
        }
        String uuid = NvmlBuffer.string(answer);
        OptionalDouble used =
                answers("nvmlVgpuInstanceGetFbUsage", () -> nvml.nvmlVgpuInstanceGetFbUsage(instance, answer))
                        ? OptionalDouble.of(answer.getLong(0))
                        : OptionalDouble.empty();
        OptionalDouble licensed = answers(
                        "nvmlVgpuInstanceGetLicenseInfo_v2",
                        () -> nvml.nvmlVgpuInstanceGetLicenseInfo_v2(instance, answer))
                ? OptionalDouble.of(VgpuLicenseInfo.IS_LICENSED.u8(answer) == 0 ? 0 : 1)
                : OptionalDouble.empty();
        return Optional.of(new Vgpu(instance, uuid, used, licensed));
    }

    private static boolean answers(String function, IntSupplier call) throws NvmlException {
        NvmlReturn code = NvmlReturn.of(call.getAsInt());
        return switch (code.kind()) {
            case SUCCESS -> true;
            case UNSUPPORTED, DENIED, NO_DATA, INVALID_ARGUMENT -> false;
            default -> throw new NvmlException(function, code);
        };
    }

    /** As last sampled; empty where nothing was sampled since the last poll. {@code nvmlDeviceGetVgpuUtilization}. */
    public Optional<Use> use(Vgpu vgpu) throws NvmlException {
        Optional<List<Sampled>> all = calls.questions().ask("nvmlDeviceGetVgpuUtilization", this::sampled);
        return all.orElse(List.of()).stream()
                .filter(sampled -> sampled.instance == vgpu.instance)
                .reduce((earlier, later) -> later.micros >= earlier.micros ? later : earlier)
                .map(Sampled::use);
    }

    private record Sampled(int instance, long micros, Use use) {}

    private List<Sampled> sampled() throws NvmlException {
        samples.clear();
        count.setInt(0, MOST);
        int code = nvml.nvmlDeviceGetVgpuUtilization(calls.handle(), lastSeen, valueType, count, samples);
        if (code == NvmlReturn.NOT_FOUND.code()) { // nothing is new; or the clock was set back, and all is
            lastSeen = 0;
        }
        DeviceCalls.check("nvmlDeviceGetVgpuUtilization", code);
        List<Sampled> found = new ArrayList<>();
        for (int i = 0; i < NvmlBuffer.count(count, MOST); i++) {
            int slot = i * VgpuUtilizationSample.LAYOUT.size();
            long micros = slots.getLong(slot + VgpuUtilizationSample.TIME_STAMP.offset());
            lastSeen = Math.max(lastSeen, micros);
            found.add(new Sampled(
                    slots.getInt(slot + VgpuUtilizationSample.VGPU_INSTANCE.offset()),
                    micros,
                    new Use(
                            ratio(slot, VgpuUtilizationSample.SM_UTIL),
                            ratio(slot, VgpuUtilizationSample.MEM_UTIL),
                            ratio(slot, VgpuUtilizationSample.ENC_UTIL),
                            ratio(slot, VgpuUtilizationSample.DEC_UTIL))));
        }
        return found;
    }

    private OptionalDouble ratio(int slot, Struct.Member member) {
        OptionalDouble percent = NvmlValue.decode(valueType.getInt(0), slots, slot + member.offset());
        return percent.orElse(NO_VALUE) < NO_VALUE
                ? OptionalDouble.of(percent.getAsDouble() / 100)
                : OptionalDouble.empty();
    }
}
