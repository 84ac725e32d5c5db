package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;

/**
 * What every call passes on its way in: is the symbol there, is NVML initialized and the driver loaded, does the handle
 * mean a GPU, does anything fail at the moment. Holds no lock while a call is under way, so that one that hangs holds
 * up nobody.
 */
final class Gate {
    /** Far from every index, so that an index taken for a handle is refused. */
    private static final long FIRST_HANDLE = 0x1000;

    private static final long FIRST_MIG_HANDLE = 0x2000;
    private static final int MIG_HANDLES_A_GPU = 16;

    private final SimulatedNode node;
    private final GpmSamples samples = new GpmSamples();
    private int initializations;
    private long unloadsSeen;

    Gate(SimulatedNode node) {
        this.node = node;
    }

    /** What a call without a GPU does once it is let in. */
    interface NodeCall {
        void run() throws Refusal;
    }

    /** What a call on a GPU does once it is let in. */
    interface GpuCall {
        void on(SimulatedGpu gpu) throws Refusal;
    }

    /** What a call on a MIG device does once it is let in. */
    interface MigCall {
        void on(SimulatedGpu gpu, SimulatedMig mig) throws Refusal;
    }

    /** A number that a GPU answers. */
    interface Reading {
        long of(SimulatedGpu gpu) throws Refusal;
    }

    /** A string that a GPU answers. */
    interface Text {
        String of(SimulatedGpu gpu) throws Refusal;
    }

    SimulatedNode node() {
        return node;
    }

    int initialize() {
        return answer("nvmlInit_v2", () -> {
            node.failures().check("nvmlInit_v2");
            if (node.failures().driverGone()) {
                throw new Refusal(NvmlReturn.DRIVER_NOT_LOADED);
            }
            attach();
        });
    }

    private synchronized void attach() {
        long unloads = node.failures().unloads();
        initializations = unloads == unloadsSeen ? initializations + 1 : 1;
        unloadsSeen = unloads;
    }

    int shutDown() {
        return answer("nvmlShutdown", this::detach);
    }

    private synchronized void detach() throws Refusal {
        if (initializations == 0) {
            throw new Refusal(NvmlReturn.UNINITIALIZED);
        }
        initializations--;
    }

    int onNode(String function, NodeCall call) {
        return answer(function, () -> {
            checkAttached();
            node.failures().check(function);
            call.run();
        });
    }

    int onGpu(String function, Pointer handle, GpuCall call) {
        try {
            call.on(wholeGpu(function, handle));
            return NvmlReturn.SUCCESS.code();
        } catch (Refusal e) {
            return e.code().code();
        }
    }

    int onMig(String function, Pointer handle, MigCall call) {
        return onEither(
                function,
                handle,
                gpu -> {
                    throw Refusal.invalidArgument();
                },
                call);
    }

    int onEither(String function, Pointer handle, GpuCall ofGpu, MigCall ofMig) {
        return answer(function, () -> {
            SimulatedGpu gpu = gpuOf(function, handle);
            if (isMig(handle)) {
                ofMig.on(gpu, migDevice(gpu, handle));
            } else {
                ofGpu.on(gpu);
            }
        });
    }

    /** A MIG device does not answer what is asked of a GPU, nor a GPU in MIG mode all of it. */
    private SimulatedGpu wholeGpu(String function, Pointer handle) throws Refusal {
        checkSymbol(function);
        SimulatedGpu gpu = gpuOf(function, handle);
        if (isMig(handle)) {
            migDevice(gpu, handle);
            throw Refusal.notSupported();
        }
        if (gpu.mig().enabled() && PartedGpu.isSilentTo(function)) {
            throw Refusal.notSupported();
        }
        return gpu;
    }

    /** The GPU itself, or the one that the MIG device is a part of. */
    private SimulatedGpu gpuOf(String function, Pointer handle) throws Refusal {
        checkAttached();
        long number = number(handle);
        return gpu(function, isMig(handle) ? (number - FIRST_MIG_HANDLE) / MIG_HANDLES_A_GPU : number - FIRST_HANDLE);
    }

    private static SimulatedMig migDevice(SimulatedGpu gpu, Pointer handle) throws Refusal {
        int at = (int) ((number(handle) - FIRST_MIG_HANDLE) % MIG_HANDLES_A_GPU);
        return gpu.migDevice(at).orElseThrow(Refusal::invalidArgument);
    }

    private static boolean isMig(Pointer handle) {
        return number(handle) >= FIRST_MIG_HANDLE;
    }

    private static long number(Pointer handle) {
        return handle == null ? 0 : Pointer.nativeValue(handle);
    }

    /** The second GPU of a call that takes two; not a MIG device. */
    SimulatedGpu gpu(String function, Pointer handle) throws Refusal {
        return gpu(function, number(handle) - FIRST_HANDLE);
    }

    private SimulatedGpu gpu(String function, long index) throws Refusal {
        if (index < 0 || index >= node.gpus().size()) {
            throw Refusal.invalidArgument();
        }
        node.failures().check((int) index, function);
        return node.gpus().get((int) index);
    }

    /** The handle of whatever MIG device is at an index. */
    static Pointer migHandle(SimulatedGpu gpu, int index) {
        return new Pointer(FIRST_MIG_HANDLE + (long) gpu.index() * MIG_HANDLES_A_GPU + index);
    }

    GpmSamples samples() {
        return samples;
    }

    /** Writes one {@code unsigned int}. */
    int u32(String function, Pointer handle, Pointer out, Reading reading) {
        try {
            SimulatedGpu gpu = wholeGpu(function, handle);
            Arguments.present(out);
            out.setInt(0, (int) reading.of(gpu));
            return NvmlReturn.SUCCESS.code();
        } catch (Refusal e) {
            return e.code().code();
        }
    }

    /** Writes two of them. */
    int u32(String function, Pointer handle, Pointer first, Pointer second, Reading one, Reading other) {
        return onGpu(function, handle, gpu -> {
            Arguments.present(first, second);
            first.setInt(0, (int) one.of(gpu));
            second.setInt(0, (int) other.of(gpu));
        });
    }

    /** Writes one {@code unsigned long long}. */
    int u64(String function, Pointer handle, Pointer out, Reading reading) {
        try {
            SimulatedGpu gpu = wholeGpu(function, handle);
            Arguments.present(out);
            out.setLong(0, reading.of(gpu));
            return NvmlReturn.SUCCESS.code();
        } catch (Refusal e) {
            return e.code().code();
        }
    }

    int text(String function, Pointer handle, Pointer buffer, int length, Text text) {
        return onGpu(function, handle, gpu -> Arguments.text(buffer, length, text.of(gpu)));
    }

    /** {@code nvmlDeviceGetHandleByIndex_v2}: a failing GPU gives no handle, and one that hangs does not return. */
    int handle(String function, int index, Pointer out) {
        return onNode(function, () -> {
            if (index < 0 || index >= node.gpus().size()) {
                throw Refusal.invalidArgument();
            }
            Arguments.present(out);
            node.failures().check(index, function);
            out.setPointer(0, handleOf(node.gpus().get(index)));
        });
    }

    static Pointer handleOf(SimulatedGpu gpu) {
        return new Pointer(FIRST_HANDLE + gpu.index());
    }

    /** Throws where NVML is not initialized, or the driver has gone since. */
    synchronized void checkAttached() throws Refusal {
        if (initializations == 0) {
            throw new Refusal(NvmlReturn.UNINITIALIZED);
        }
        if (node.failures().driverGone()) {
            throw new Refusal(NvmlReturn.DRIVER_NOT_LOADED);
        }
        if (node.failures().unloads() != unloadsSeen) {
            throw new Refusal(NvmlReturn.UNINITIALIZED);
        }
    }

    private int answer(String function, NodeCall call) {
        try {
            checkSymbol(function);
            call.run();
            return NvmlReturn.SUCCESS.code();
        } catch (Refusal e) {
            return e.code().code();
        }
    }

    private void checkSymbol(String function) throws Refusal {
        if (node.scenario().missingSymbols().contains(function)) {
            throw new Refusal(NvmlReturn.FUNCTION_NOT_FOUND);
        }
    }
}
