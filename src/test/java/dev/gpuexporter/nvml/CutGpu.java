package dev.gpuexporter.nvml;

import com.sun.jna.Pointer;
import dev.gpuexporter.testing.InterceptedCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A GPU in MIG mode whose devices are at the indexes at which a test puts them; a handle is good for whoever is there. */
final class CutGpu {
    static final Pointer HANDLE = new Pointer(0x1000);

    private static final long FIRST_MIG_HANDLE = 0x2000;

    /** A MIG device; the names here are what is behind NVIDIA H100 80GB HBM3 MIG. */
    record Part(String uuid, String profile, int gpuInstance, int computeInstance) {}

    final Map<Integer, Part> parts = new HashMap<>();
    final Map<String, NvmlReturn> failing = new HashMap<>();
    final List<String> calls = new ArrayList<>();

    /** What happens when a function is called, before it answers. */
    final Map<String, Runnable> meanwhile = new HashMap<>();

    NvmlLibrary library() {
        return InterceptedCall.intercepted(call -> {
            String function = call.function();
            calls.add(function);
            Runnable change = meanwhile.remove(function);
            if (change != null) {
                change.run();
            }
            NvmlReturn failure = failing.get(function);
            return failure == null ? answer(function, call.arguments()).code() : failure.code();
        });
    }

    private NvmlReturn answer(String function, Object[] arguments) {
        if (function.equals("nvmlDeviceGetMaxMigDeviceCount")) {
            ((Pointer) arguments[1]).setInt(0, 7);
            return NvmlReturn.SUCCESS;
        }
        if (function.equals("nvmlDeviceGetMigDeviceHandleByIndex")) {
            int index = (int) arguments[1];
            if (!parts.containsKey(index)) {
                return NvmlReturn.NOT_FOUND;
            }
            ((Pointer) arguments[2]).setPointer(0, new Pointer(FIRST_MIG_HANDLE + index));
            return NvmlReturn.SUCCESS;
        }
        Part part = parts.get((int) (Pointer.nativeValue((Pointer) arguments[0]) - FIRST_MIG_HANDLE));
        return part == null ? NvmlReturn.INVALID_ARGUMENT : answer(function, part, (Pointer) arguments[1]);
    }

    private static NvmlReturn answer(String function, Part part, Pointer out) {
        switch (function) {
            case "nvmlDeviceGetUUID" -> text(out, part.uuid());
            case "nvmlDeviceGetName" -> text(out, "NVIDIA H100 80GB HBM3 MIG " + part.profile());
            case "nvmlDeviceGetGpuInstanceId" -> out.setInt(0, part.gpuInstance());
            case "nvmlDeviceGetComputeInstanceId" -> out.setInt(0, part.computeInstance());
            case "nvmlDeviceGetAttributes_v2" -> out.setInt(0, 16);
            default -> throw new AssertionError("nobody should call " + function);
        }
        return NvmlReturn.SUCCESS;
    }

    private static void text(Pointer out, String text) {
        byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_8);
        out.write(0, bytes, 0, bytes.length);
    }
}
