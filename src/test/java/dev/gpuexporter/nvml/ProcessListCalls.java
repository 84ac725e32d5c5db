package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlCall.*;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlCall.Answer;
import dev.gpuexporter.nvml.NvmlStructs.ProcessInfo;
import dev.gpuexporter.nvml.NvmlStructs.ProcessUtilizationInfo;
import dev.gpuexporter.nvml.NvmlStructs.ProcessUtilizationSample;
import dev.gpuexporter.nvml.NvmlStructs.ProcessesUtilizationInfo;
import java.util.ArrayList;
import java.util.List;

/** Calls that list processes: the entries are at the buffer's beginning, how many there are is behind them. */
final class ProcessListCalls {
    private static final int COUNT = 64;
    private static final int UNTOUCHED = 0xa5a5a5a5;
    private static final long SAMPLED_MICROS = 1_700_000_000_000_000L;

    private final NvmlLibrary nvml;

    ProcessListCalls(NvmlLibrary nvml) {
        this.nvml = nvml;
    }

    List<NvmlCall> all() {
        List<NvmlCall> calls = new ArrayList<>(List.of(
                first("nvmlDeviceGetComputeRunningProcesses", nvml::nvmlDeviceGetComputeRunningProcesses, 1100),
                list("nvmlDeviceGetComputeRunningProcesses_v2", nvml::nvmlDeviceGetComputeRunningProcesses_v2, 1200),
                list("nvmlDeviceGetComputeRunningProcesses_v3", nvml::nvmlDeviceGetComputeRunningProcesses_v3, 1300),
                first("nvmlDeviceGetGraphicsRunningProcesses", nvml::nvmlDeviceGetGraphicsRunningProcesses, 2100),
                list("nvmlDeviceGetGraphicsRunningProcesses_v2", nvml::nvmlDeviceGetGraphicsRunningProcesses_v2, 2200),
                list("nvmlDeviceGetGraphicsRunningProcesses_v3", nvml::nvmlDeviceGetGraphicsRunningProcesses_v3, 2300),
                first("nvmlDeviceGetMPSComputeRunningProcesses", nvml::nvmlDeviceGetMPSComputeRunningProcesses, 3100),
                list(
                        "nvmlDeviceGetMPSComputeRunningProcesses_v2",
                        nvml::nvmlDeviceGetMPSComputeRunningProcesses_v2,
                        3200),
                list(
                        "nvmlDeviceGetMPSComputeRunningProcesses_v3",
                        nvml::nvmlDeviceGetMPSComputeRunningProcesses_v3,
                        3300)));
        calls.add(new NvmlCall(
                "nvmlDeviceGetProcessUtilization",
                (device, out) -> nvml.nvmlDeviceGetProcessUtilization(device, out, out.share(COUNT), 5),
                out -> out.setInt(COUNT, 1),
                List.of(
                        next(ProcessUtilizationSample.PID, 1300),
                        next(ProcessUtilizationSample.TIME_STAMP, SAMPLED_MICROS),
                        next(ProcessUtilizationSample.SM_UTIL, 11),
                        next(ProcessUtilizationSample.MEM_UTIL, 21),
                        next(ProcessUtilizationSample.ENC_UTIL, 31),
                        next(ProcessUtilizationSample.DEC_UTIL, 41),
                        same(u32("processSamplesCount", COUNT), 1))));
        calls.add(request());
        calls.add(samples());
        return calls;
    }

    private static NvmlCall list(String function, PairInvocation invocation, int pid) {
        return list(
                function,
                invocation,
                pid,
                same(ProcessInfo.GPU_INSTANCE_ID, 4),
                same(ProcessInfo.COMPUTE_INSTANCE_ID, 2),
                same(u32("behind", 24), UNTOUCHED));
    }

    /** Without instances. */
    private static NvmlCall first(String function, PairInvocation invocation, int pid) {
        return list(function, invocation, pid, same(u32("behind", 16), UNTOUCHED));
    }

    private static NvmlCall list(String function, PairInvocation invocation, int pid, Answer... others) {
        List<Answer> answers = new ArrayList<>(List.of(
                next(ProcessInfo.PID, pid),
                next(ProcessInfo.USED_GPU_MEMORY, 7_000_000_000L + pid),
                same(u32("infoCount", COUNT), 1)));
        answers.addAll(List.of(others));
        return new NvmlCall(
                function,
                (device, out) -> invocation.on(device, out.share(COUNT), out),
                out -> out.setInt(COUNT, 1),
                answers);
    }

    /** The struct that asks; where the samples are to go stays as it was set, which reads as 1. */
    private NvmlCall request() {
        return versioned(
                "nvmlDeviceGetProcessesUtilizationInfo",
                (device, out) -> {
                    int code = nvml.nvmlDeviceGetProcessesUtilizationInfo(device, out);
                    boolean kept =
                            Pointer.nativeValue(out.share(COUNT)) == ProcessesUtilizationInfo.PROC_UTIL_ARRAY.u64(out);
                    ProcessesUtilizationInfo.PROC_UTIL_ARRAY.set(out, kept ? 1L : 0L);
                    return code;
                },
                out -> {
                    ProcessesUtilizationInfo.VERSION.set(out, 0x01000018L);
                    ProcessesUtilizationInfo.PROCESS_SAMPLES_COUNT.set(out, 4L);
                    ProcessesUtilizationInfo.LAST_SEEN_TIME_STAMP.set(out, 5L);
                    ProcessesUtilizationInfo.PROC_UTIL_ARRAY.set(out, Pointer.nativeValue(out.share(COUNT)));
                },
                same(ProcessesUtilizationInfo.VERSION, 0x01000018),
                same(ProcessesUtilizationInfo.PROCESS_SAMPLES_COUNT, 1),
                same(ProcessesUtilizationInfo.LAST_SEEN_TIME_STAMP, 5L),
                same(ProcessesUtilizationInfo.PROC_UTIL_ARRAY, 1L));
    }

    /** The samples that it gets. */
    private NvmlCall samples() {
        return call(
                "nvmlDeviceGetProcessesUtilizationInfo",
                (device, out) -> {
                    Memory request = new Memory(ProcessesUtilizationInfo.LAYOUT.size());
                    ProcessesUtilizationInfo.VERSION.set(request, 0x01000018L);
                    ProcessesUtilizationInfo.PROCESS_SAMPLES_COUNT.set(request, 1L);
                    ProcessesUtilizationInfo.LAST_SEEN_TIME_STAMP.set(request, 0L);
                    ProcessesUtilizationInfo.PROC_UTIL_ARRAY.set(request, Pointer.nativeValue(out));
                    return nvml.nvmlDeviceGetProcessesUtilizationInfo(device, request);
                },
                next(ProcessUtilizationInfo.TIME_STAMP, SAMPLED_MICROS),
                next(ProcessUtilizationInfo.PID, 1300),
                next(ProcessUtilizationInfo.SM_UTIL, 12),
                next(ProcessUtilizationInfo.MEM_UTIL, 22),
                next(ProcessUtilizationInfo.ENC_UTIL, 32),
                next(ProcessUtilizationInfo.DEC_UTIL, 42),
                next(ProcessUtilizationInfo.JPG_UTIL, 52),
                next(ProcessUtilizationInfo.OFA_UTIL, 62));
    }
}
