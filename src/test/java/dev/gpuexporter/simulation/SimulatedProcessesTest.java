package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.ProcessInfo;
import dev.gpuexporter.nvml.NvmlStructs.ProcessUtilizationSample;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimulatedProcessesTest {
    private static final int COUNT = 512;

    /** How many there are; they are at the beginning of the caller's memory. */
    private static int compute(Caller caller, int gpu, int room) {
        caller.out.setInt(COUNT, room);
        assertThat(caller.code(
                        gpu,
                        (device, out) ->
                                caller.nvml.nvmlDeviceGetComputeRunningProcesses_v3(device, out.share(COUNT), out)))
                .isEqualTo(NvmlReturn.SUCCESS);
        return caller.out.getInt(COUNT);
    }

    private static NvmlReturn utilization(Caller caller, int gpu, long lastSeen) {
        caller.out.setInt(COUNT, 8);
        return caller.code(
                gpu,
                (device, out) -> caller.nvml.nvmlDeviceGetProcessUtilization(device, out, out.share(COUNT), lastSeen));
    }

    /** The usual tenants: a training on GPU 0, a notebook on 1, three servers that share 2, nobody on 7. */
    @Test
    void liveOnTheGpusThatTheirPodsHold() {
        Caller caller = Caller.of("h200x8");
        assertThat(compute(caller, 0, 8)).isEqualTo(1);
        int training = ProcessInfo.PID.s32(caller.out);
        assertThat(training).isBetween(4000, 10_000);
        assertThat(ProcessInfo.GPU_INSTANCE_ID.s32(caller.out)).isEqualTo(-1);
        assertThat(compute(caller, 1, 8)).isEqualTo(1);
        assertThat(ProcessInfo.PID.s32(caller.out)).isNotEqualTo(training);
        assertThat(compute(caller, 2, 8)).isEqualTo(3);
        assertThat(compute(caller, 7, 8)).isZero();
    }

    @Test
    void useTheMemoryThatTheGpuSaysIsUsed() {
        Caller caller = Caller.of("h200x8");
        int there = compute(caller, 2, 8);
        long bytes = 0;
        for (int i = 0; i < there; i++) {
            bytes += ProcessInfo.USED_GPU_MEMORY.u64(caller.out.share(24L * i));
        }
        assertThat(bytes).isEqualTo(caller.node.gpus().get(2).usedBytes() - GpuState.DRIVER_OVERHEAD_BYTES);
    }

    @Test
    void areToldOnlyWhereThereIsRoom() {
        Caller caller = Caller.of("h200x8");
        Pointer gpu = caller.gpu(2);
        caller.out.setInt(COUNT, 2);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetComputeRunningProcesses_v3(gpu, out.share(COUNT), out)))
                .isEqualTo(NvmlReturn.INSUFFICIENT_SIZE);
        assertThat(caller.out.getInt(COUNT)).isEqualTo(3);
    }

    @Test
    void runOnTheInstanceThatTheirPodHolds() {
        Caller caller = Caller.ofFile("mig-h100");
        assertThat(compute(caller, 0, 8)).isPositive();
        SimulatedMig mig =
                caller.node.gpus().get(0).state().processes().get(0).mig().orElseThrow();
        assertThat(ProcessInfo.GPU_INSTANCE_ID.s32(caller.out)).isEqualTo(mig.gpuInstance());
        assertThat(ProcessInfo.COMPUTE_INSTANCE_ID.s32(caller.out)).isEqualTo(mig.computeInstance());
        assertThat(utilization(caller, 0, 1)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
    }

    @Test
    void useTheGpusTimeSinceTheLastSampleAndNothingMeansIdle() {
        Caller caller = Caller.of("h200x8");
        caller.pass(Duration.ofSeconds(100));
        long percent = caller.utilizationPercent(0);
        assertThat(utilization(caller, 0, 1)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(ProcessUtilizationSample.SM_UTIL.u32(caller.out)).isEqualTo(percent);
        long newest = ProcessUtilizationSample.TIME_STAMP.u64(caller.out);
        assertThat(utilization(caller, 0, newest)).isEqualTo(NvmlReturn.NOT_FOUND);
        caller.pass(Duration.ofSeconds(1));
        assertThat(utilization(caller, 0, newest)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(utilization(caller, 1, 1)).as("the notebook does nothing").isEqualTo(NvmlReturn.NOT_FOUND);
    }

    @Test
    void answerAStaleMeanToWhoAsksForEverything() {
        Caller caller = Caller.of("h200x8");
        caller.pass(Duration.ofSeconds(100));
        assertThat(utilization(caller, 0, 0)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat((double) ProcessUtilizationSample.SM_UTIL.u32(caller.out))
                .isCloseTo(caller.node.gpus().get(0).state().utilization() * 50, within(1.0));
    }
}
