package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario.Plugin;
import java.util.Optional;
import java.util.OptionalInt;

/** What the node's device plugin, or DRA driver, calls its devices. */
final class DeviceNames {
    private static final String DRA_POOL = "gpu.nvidia.com/simulated/";
    private static final int MEMORY_SLICES = 8;

    private DeviceNames() {}

    /** A GPU, or a MIG device on it; whole or one of its replicas. */
    static String id(Plugin plugin, SimulatedGpu gpu, Optional<SimulatedMig> mig, OptionalInt replica) {
        return switch (plugin) {
            case NVIDIA, NVIDIA_SINGLE ->
                mig.map(SimulatedMig::uuid).orElse(gpu.identity().uuid()) + numbered("::", replica);
            case GKE ->
                "nvidia" + gpu.index()
                        + mig.map(part -> "/gi" + part.gpuInstance()).orElse("") + numbered("/vgpu", replica);
            case DRA ->
                DRA_POOL + "gpu-" + gpu.index() + mig.map(DeviceNames::place).orElse("");
        };
    }

    private static String numbered(String prefix, OptionalInt number) {
        return number.isPresent() ? prefix + number.getAsInt() : "";
    }

    private static String place(SimulatedMig mig) {
        MigProfile profile = mig.profile();
        int firstOfItsSize = MEMORY_SLICES / profile.size() - 1;
        int start = (mig.gpuInstance() - firstOfItsSize) * profile.size();
        return "-mig-" + profile.name().replace(".", "") + "-" + profileId(profile) + "-" + start;
    }

    /** NVML's id of the profile, as A100 and its successors have it. */
    private static int profileId(MigProfile profile) {
        if (profile.slices() == 1 && profile.name().endsWith("+me")) {
            return 20;
        }
        return switch (profile.slices()) {
            case 1 -> profile.size() == 1 ? 19 : 15;
            case 2 -> 14;
            case 3 -> 9;
            case 4 -> 5;
            default -> 0;
        };
    }
}
