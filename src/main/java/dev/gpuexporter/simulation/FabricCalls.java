package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.FabricInfoV1;
import dev.gpuexporter.nvml.NvmlStructs.FabricInfoV2;
import dev.gpuexporter.nvml.NvmlStructs.FabricInfoV3;
import dev.gpuexporter.nvml.Struct.Member;
import dev.gpuexporter.simulation.GpuModel.Feature;

/** The fabric of NVSwitches, which every GPU that can has joined. It suffers when one of the GPU's links is down. */
interface FabricCalls extends SystemCalls {
    int TRUE = 1;
    int FALSE = 2;
    int HEALTHY = 1;
    int LIMITED_CAPACITY = 3;
    int CLIQUE = 1;

    @Override
    default int nvmlDeviceGetGpuFabricInfo(Pointer device, Pointer gpuFabricInfo) {
        return gate().onGpu("nvmlDeviceGetGpuFabricInfo", device, gpu -> {
            Arguments.present(gpuFabricInfo);
            gpu.model().require(Feature.FABRIC);
            writeUuid(gpu, gpuFabricInfo, FabricInfoV1.CLUSTER_UUID);
            FabricInfoV1.STATUS.set(gpuFabricInfo, NvmlReturn.SUCCESS.code());
            FabricInfoV1.CLIQUE_ID.set(gpuFabricInfo, clique(gpu));
            FabricInfoV1.STATE.set(gpuFabricInfo, NVML_GPU_FABRIC_STATE_COMPLETED);
        });
    }

    @Override
    default int nvmlDeviceGetGpuFabricInfoV(Pointer device, Pointer gpuFabricInfo) {
        return gate().onGpu("nvmlDeviceGetGpuFabricInfoV", device, gpu -> {
            Arguments.present(gpuFabricInfo);
            int version = FabricInfoV2.VERSION.s32(gpuFabricInfo);
            boolean third = version == FabricInfoV3.LAYOUT.version(3);
            if (!third && version != FabricInfoV2.LAYOUT.version(2)) {
                throw new Refusal(NvmlReturn.ARGUMENT_VERSION_MISMATCH);
            }
            gpu.model().require(Feature.FABRIC);
            writeUuid(gpu, gpuFabricInfo, FabricInfoV2.CLUSTER_UUID);
            FabricInfoV2.STATUS.set(gpuFabricInfo, NvmlReturn.SUCCESS.code());
            FabricInfoV2.CLIQUE_ID.set(gpuFabricInfo, clique(gpu));
            FabricInfoV2.STATE.set(gpuFabricInfo, NVML_GPU_FABRIC_STATE_COMPLETED);
            FabricInfoV2.HEALTH_MASK.set(gpuFabricInfo, health(isDegraded(gpu)));
            if (third) {
                FabricInfoV3.HEALTH_SUMMARY.set(gpuFabricInfo, isDegraded(gpu) ? LIMITED_CAPACITY : HEALTHY);
            }
        });
    }

    private static boolean isDegraded(SimulatedGpu gpu) {
        return gpu.state().counters().nvLinks().stream().anyMatch(link -> !link.up());
    }

    /** Two bits for each condition, four for the configuration, of which 1 says that nothing is wrong. */
    private static long health(boolean degraded) {
        return (degraded ? TRUE : FALSE) << NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_DEGRADED_BW
                | FALSE << NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_ROUTE_RECOVERY
                | FALSE << NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_ROUTE_UNHEALTHY
                | FALSE << NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_ACCESS_TIMEOUT_RECOVERY
                | 1 << NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_INCORRECT_CONFIGURATION
                | TRUE << NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_GFM_STATE;
    }

    /** Only a GB200's fabric goes beyond its node; the others have a UUID of zeros. */
    private static boolean goesBeyondTheNode(SimulatedGpu gpu) {
        return gpu.model().has(Feature.MODULE_POWER);
    }

    private static long clique(SimulatedGpu gpu) {
        return goesBeyondTheNode(gpu) ? CLIQUE : 0;
    }

    /** The same for all GPUs of a node. */
    private void writeUuid(SimulatedGpu gpu, Pointer out, Member member) {
        byte[] uuid = new byte[member.size()];
        if (goesBeyondTheNode(gpu)) {
            Seed seed = new Seed(gate().node().scenario().seed()).of("cluster");
            for (int i = 0; i < uuid.length; i++) {
                uuid[i] = (byte) seed.bits(i);
            }
        }
        out.write(member.offset(), uuid, 0, uuid.length);
    }
}
