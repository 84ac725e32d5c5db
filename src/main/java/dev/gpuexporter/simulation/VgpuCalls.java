package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_VALUE_TYPE_UNSIGNED_INT;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.VgpuLicenseInfo;
import dev.gpuexporter.nvml.NvmlStructs.VgpuUtilizationSample;
import java.util.List;
import java.util.Optional;

/** Virtual GPUs, where the driver is a hypervisor's. No guest uses the video engines. */
interface VgpuCalls extends SystemCalls {
    int BARE_METAL = 0;
    int HOST_VGPU = 3;
    int LICENSED = 5;
    int UNLICENSED = 4;

    /** How often the driver samples its guests. */
    long SAMPLING_NANOS = 1_000_000_000;

    @Override
    default int nvmlDeviceGetVirtualizationMode(Pointer device, Pointer virtualizationMode) {
        return gate().u32(
                        "nvmlDeviceGetVirtualizationMode",
                        device,
                        virtualizationMode,
                        gpu -> gate().node().scenario().vgpus().isEmpty() ? BARE_METAL : HOST_VGPU);
    }

    @Override
    default int nvmlDeviceGetActiveVgpus(Pointer device, Pointer vgpuCount, Pointer vgpuInstances) {
        return gate().onGpu("nvmlDeviceGetActiveVgpus", device, gpu -> {
            requireHost();
            Arguments.present(vgpuCount);
            int room = vgpuCount.getInt(0);
            vgpuCount.setInt(0, gpu.vgpus().size());
            if (room < gpu.vgpus().size()) {
                throw new Refusal(NvmlReturn.INSUFFICIENT_SIZE);
            }
            for (int i = 0; i < gpu.vgpus().size(); i++) {
                vgpuInstances.setInt(
                        (long) i * Integer.BYTES, gpu.vgpus().get(i).instance());
            }
        });
    }

    @Override
    default int nvmlDeviceGetVgpuUtilization(
            Pointer device,
            long lastSeenTimeStamp,
            Pointer sampleValType,
            Pointer vgpuInstanceSamplesCount,
            Pointer utilizationSamples) {
        return gate().onGpu("nvmlDeviceGetVgpuUtilization", device, gpu -> {
            requireHost();
            Arguments.present(sampleValType, vgpuInstanceSamplesCount);
            int room = vgpuInstanceSamplesCount.getInt(0);
            vgpuInstanceSamplesCount.setInt(0, gpu.vgpus().size());
            if (room < gpu.vgpus().size()) {
                throw new Refusal(NvmlReturn.INSUFFICIENT_SIZE);
            }
            long elapsed = gate().node().elapsedNanos();
            long sampled = gate().node().microsAt(elapsed - elapsed % SAMPLING_NANOS);
            if (sampled <= lastSeenTimeStamp) {
                throw new Refusal(NvmlReturn.NOT_FOUND);
            }
            sampleValType.setInt(0, NVML_VALUE_TYPE_UNSIGNED_INT);
            for (int i = 0; i < gpu.vgpus().size(); i++) {
                SimulatedVgpu vgpu = gpu.vgpus().get(i);
                Pointer slot = utilizationSamples.share((long) i * VgpuUtilizationSample.LAYOUT.size());
                long percent = Math.round(100 * process(gpu, vgpu).utilization());
                VgpuUtilizationSample.VGPU_INSTANCE.set(slot, vgpu.instance());
                VgpuUtilizationSample.TIME_STAMP.set(slot, sampled);
                slot.setInt(VgpuUtilizationSample.SM_UTIL.offset(), (int) percent);
                slot.setInt(VgpuUtilizationSample.MEM_UTIL.offset(), (int) percent / 2);
                slot.setInt(VgpuUtilizationSample.ENC_UTIL.offset(), 0);
                slot.setInt(VgpuUtilizationSample.DEC_UTIL.offset(), 0);
            }
        });
    }

    @Override
    default int nvmlVgpuInstanceGetUUID(int vgpuInstance, Pointer uuid, int size) {
        return gate().onNode(
                        "nvmlVgpuInstanceGetUUID",
                        () -> Arguments.text(uuid, size, vgpu(vgpuInstance).uuid()));
    }

    @Override
    default int nvmlVgpuInstanceGetFbUsage(int vgpuInstance, Pointer fbUsage) {
        return gate().onNode("nvmlVgpuInstanceGetFbUsage", () -> {
            Arguments.present(fbUsage);
            SimulatedVgpu vgpu = vgpu(vgpuInstance);
            fbUsage.setLong(0, process(host(vgpu), vgpu).memoryBytes());
        });
    }

    @Override
    default int nvmlVgpuInstanceGetLicenseInfo_v2(int vgpuInstance, Pointer licenseInfo) {
        return gate().onNode("nvmlVgpuInstanceGetLicenseInfo_v2", () -> {
            Arguments.present(licenseInfo);
            boolean licensed = vgpu(vgpuInstance).licensed();
            VgpuLicenseInfo.IS_LICENSED.set(licenseInfo, licensed ? 1 : 0);
            VgpuLicenseInfo.CURRENT_STATE.set(licenseInfo, licensed ? LICENSED : UNLICENSED);
        });
    }

    private void requireHost() throws Refusal {
        if (gate().node().scenario().vgpus().isEmpty()) {
            throw Refusal.notSupported();
        }
    }

    private SimulatedVgpu vgpu(int instance) throws Refusal {
        return gate().node().gpus().stream()
                .flatMap(gpu -> gpu.vgpus().stream())
                .filter(vgpu -> vgpu.instance() == instance)
                .findFirst()
                .orElseThrow(() -> new Refusal(NvmlReturn.NOT_FOUND));
    }

    private SimulatedGpu host(SimulatedVgpu vgpu) {
        return gate().node().gpus().stream()
                .filter(gpu -> gpu.vgpus().contains(vgpu))
                .findFirst()
                .orElseThrow();
    }

    private static SimulatedProcess process(SimulatedGpu gpu, SimulatedVgpu vgpu) {
        List<SimulatedProcess> processes = gpu.state().processes();
        return processes.stream()
                .filter(process -> process.pid() == vgpu.pid())
                .findFirst()
                .orElseGet(() -> new SimulatedProcess(vgpu.pid(), 0, 0, Optional.empty()));
    }
}
