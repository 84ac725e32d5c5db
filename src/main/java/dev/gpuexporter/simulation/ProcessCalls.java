package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.ProcessInfo;
import dev.gpuexporter.nvml.NvmlStructs.ProcessUtilizationInfo;
import dev.gpuexporter.nvml.NvmlStructs.ProcessUtilizationSample;
import dev.gpuexporter.nvml.NvmlStructs.ProcessesUtilizationInfo;
import java.util.List;
import java.util.Optional;

/** Who is on a GPU: one process with a compute context for each container that runs. */
interface ProcessCalls extends SystemCalls {
    int STRIDE = 24;
    int FIRST_STRIDE = 16;
    int NONE = -1;

    @Override
    default int nvmlDeviceGetComputeRunningProcesses(Pointer device, Pointer infoCount, Pointer infos) {
        return compute("nvmlDeviceGetComputeRunningProcesses", device, infoCount, infos, FIRST_STRIDE);
    }

    @Override
    default int nvmlDeviceGetComputeRunningProcesses_v2(Pointer device, Pointer infoCount, Pointer infos) {
        return compute("nvmlDeviceGetComputeRunningProcesses_v2", device, infoCount, infos, STRIDE);
    }

    @Override
    default int nvmlDeviceGetComputeRunningProcesses_v3(Pointer device, Pointer infoCount, Pointer infos) {
        return compute("nvmlDeviceGetComputeRunningProcesses_v3", device, infoCount, infos, STRIDE);
    }

    @Override
    default int nvmlDeviceGetGraphicsRunningProcesses(Pointer device, Pointer infoCount, Pointer infos) {
        return nobody("nvmlDeviceGetGraphicsRunningProcesses", device, infoCount);
    }

    @Override
    default int nvmlDeviceGetGraphicsRunningProcesses_v2(Pointer device, Pointer infoCount, Pointer infos) {
        return nobody("nvmlDeviceGetGraphicsRunningProcesses_v2", device, infoCount);
    }

    @Override
    default int nvmlDeviceGetGraphicsRunningProcesses_v3(Pointer device, Pointer infoCount, Pointer infos) {
        return nobody("nvmlDeviceGetGraphicsRunningProcesses_v3", device, infoCount);
    }

    @Override
    default int nvmlDeviceGetMPSComputeRunningProcesses(Pointer device, Pointer infoCount, Pointer infos) {
        return nobody("nvmlDeviceGetMPSComputeRunningProcesses", device, infoCount);
    }

    @Override
    default int nvmlDeviceGetMPSComputeRunningProcesses_v2(Pointer device, Pointer infoCount, Pointer infos) {
        return nobody("nvmlDeviceGetMPSComputeRunningProcesses_v2", device, infoCount);
    }

    @Override
    default int nvmlDeviceGetMPSComputeRunningProcesses_v3(Pointer device, Pointer infoCount, Pointer infos) {
        return nobody("nvmlDeviceGetMPSComputeRunningProcesses_v3", device, infoCount);
    }

    private int nobody(String function, Pointer device, Pointer infoCount) {
        return gate().onGpu(function, device, gpu -> {
            Arguments.present(infoCount);
            infoCount.setInt(0, 0);
        });
    }

    private int compute(String function, Pointer device, Pointer infoCount, Pointer infos, int stride) {
        return gate().onGpu(function, device, gpu -> {
            Arguments.present(infoCount);
            List<SimulatedProcess> processes = gpu.state().processes();
            count(infoCount, 0, processes.size());
            for (int i = 0; i < processes.size(); i++) {
                Arguments.present(infos);
                Pointer info = infos.share((long) i * stride);
                ProcessInfo.PID.set(info, processes.get(i).pid());
                ProcessInfo.USED_GPU_MEMORY.set(info, processes.get(i).memoryBytes());
                if (stride == STRIDE) {
                    Optional<SimulatedMig> mig = processes.get(i).mig();
                    ProcessInfo.GPU_INSTANCE_ID.set(
                            info, (long) mig.map(SimulatedMig::gpuInstance).orElse(NONE));
                    ProcessInfo.COMPUTE_INSTANCE_ID.set(
                            info, (long) mig.map(SimulatedMig::computeInstance).orElse(NONE));
                }
            }
        });
    }

    /** Says how many there are, and refuses where there is no room for them. */
    private static void count(Pointer memory, long offset, int there) throws Refusal {
        int room = memory.getInt(offset);
        memory.setInt(offset, there);
        if (there > room) {
            throw new Refusal(NvmlReturn.INSUFFICIENT_SIZE);
        }
    }

    @Override
    default int nvmlDeviceGetProcessUtilization(
            Pointer device, Pointer utilization, Pointer processSamplesCount, long lastSeenTimeStamp) {
        return gate().onGpu("nvmlDeviceGetProcessUtilization", device, gpu -> {
            Arguments.present(processSamplesCount);
            List<SimulatedProcess> busy = busySince(gpu, lastSeenTimeStamp);
            count(processSamplesCount, 0, busy.size());
            Arguments.present(utilization);
            for (int i = 0; i < busy.size(); i++) {
                Pointer sample = utilization.share((long) i * ProcessUtilizationSample.LAYOUT.size());
                ProcessUtilizationSample.PID.set(sample, busy.get(i).pid());
                ProcessUtilizationSample.TIME_STAMP.set(sample, sampledMicros());
                ProcessUtilizationSample.SM_UTIL.set(sample, percent(busy.get(i), lastSeenTimeStamp));
                ProcessUtilizationSample.MEM_UTIL.set(sample, memoryPercent(gpu, busy.get(i), lastSeenTimeStamp));
                ProcessUtilizationSample.ENC_UTIL.set(sample, 0);
                ProcessUtilizationSample.DEC_UTIL.set(sample, 0);
            }
        });
    }

    @Override
    default int nvmlDeviceGetProcessesUtilizationInfo(Pointer device, Pointer procesesUtilInfo) {
        return gate().onGpu("nvmlDeviceGetProcessesUtilizationInfo", device, gpu -> {
            Arguments.version(procesesUtilInfo, ProcessesUtilizationInfo.LAYOUT.version(1));
            long lastSeen = ProcessesUtilizationInfo.LAST_SEEN_TIME_STAMP.u64(procesesUtilInfo);
            List<SimulatedProcess> busy = busySince(gpu, lastSeen);
            count(procesesUtilInfo, ProcessesUtilizationInfo.PROCESS_SAMPLES_COUNT.offset(), busy.size());
            Pointer samples = procesesUtilInfo.getPointer(ProcessesUtilizationInfo.PROC_UTIL_ARRAY.offset());
            Arguments.present(samples);
            for (int i = 0; i < busy.size(); i++) {
                Pointer sample = samples.share((long) i * ProcessUtilizationInfo.LAYOUT.size());
                ProcessUtilizationInfo.TIME_STAMP.set(sample, sampledMicros());
                ProcessUtilizationInfo.PID.set(sample, busy.get(i).pid());
                ProcessUtilizationInfo.SM_UTIL.set(sample, percent(busy.get(i), lastSeen));
                ProcessUtilizationInfo.MEM_UTIL.set(sample, memoryPercent(gpu, busy.get(i), lastSeen));
                ProcessUtilizationInfo.ENC_UTIL.set(sample, 0);
                ProcessUtilizationInfo.DEC_UTIL.set(sample, 0);
                ProcessUtilizationInfo.JPG_UTIL.set(sample, 0);
                ProcessUtilizationInfo.OFA_UTIL.set(sample, 0);
            }
        });
    }

    /** The driver samples once a second; who did nothing since the last sample has none. */
    private List<SimulatedProcess> busySince(SimulatedGpu gpu, long lastSeen) throws Refusal {
        List<SimulatedProcess> busy = gpu.state().processes().stream()
                .filter(process -> process.utilization() > 0 && sampledMicros() > lastSeen)
                .toList();
        if (busy.isEmpty()) {
            throw new Refusal(NvmlReturn.NOT_FOUND);
        }
        return busy;
    }

    private long sampledMicros() {
        return gate().node().nowMicros() - gate().node().elapsedNanos() / 1000 % 1_000_000;
    }

    /** Who asks for everything gets a mean over minutes, many of them from before the process ran. */
    private static long percent(SimulatedProcess process, long lastSeen) {
        return Math.round((lastSeen == 0 ? 50 : 100) * process.utilization());
    }

    private static long memoryPercent(SimulatedGpu gpu, SimulatedProcess process, long lastSeen) {
        GpuState state = gpu.state();
        return Math.round(percent(process, lastSeen) * state.memoryUtilization() / state.utilization());
    }
}
