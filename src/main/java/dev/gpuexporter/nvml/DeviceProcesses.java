package dev.gpuexporter.nvml;

import dev.gpuexporter.nvml.GpuProcess.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who uses a GPU, and how much of it. */
public final class DeviceProcesses {
    private final DeviceCalls calls;
    private final ProcessVisibility visibility;
    private final Map<Kind, List<Version>> versions;
    private final ProcessList list = new ProcessList();
    private final ProcessUtilization utilization;

    /** Null until somebody asks in this poll. */
    private Optional<List<GpuProcess>> inThisPoll;

    DeviceProcesses(NvmlLibrary nvml, DeviceCalls calls, ProcessVisibility visibility) {
        this.calls = calls;
        this.visibility = visibility;
        this.utilization = new ProcessUtilization(nvml, calls);
        this.versions = Map.of(
                Kind.MPS,
                newestFirst(
                        "nvmlDeviceGetMPSComputeRunningProcesses",
                        nvml::nvmlDeviceGetMPSComputeRunningProcesses_v3,
                        nvml::nvmlDeviceGetMPSComputeRunningProcesses_v2,
                        nvml::nvmlDeviceGetMPSComputeRunningProcesses),
                Kind.COMPUTE,
                newestFirst(
                        "nvmlDeviceGetComputeRunningProcesses",
                        nvml::nvmlDeviceGetComputeRunningProcesses_v3,
                        nvml::nvmlDeviceGetComputeRunningProcesses_v2,
                        nvml::nvmlDeviceGetComputeRunningProcesses),
                Kind.GRAPHICS,
                newestFirst(
                        "nvmlDeviceGetGraphicsRunningProcesses",
                        nvml::nvmlDeviceGetGraphicsRunningProcesses_v3,
                        nvml::nvmlDeviceGetGraphicsRunningProcesses_v2,
                        nvml::nvmlDeviceGetGraphicsRunningProcesses));
    }

    /** The driver's samples have times by the node's clock. */
    public void clockWasSetBack() {
        utilization.clockWasSetBack();
    }

    void beginPoll() {
        inThisPoll = null;
    }

    /** Each process once on each part of the GPU it is on; empty where the driver does not say, or not to us. */
    public Optional<List<GpuProcess>> all() throws NvmlException {
        if (inThisPoll == null) {
            inThisPoll = read();
        }
        return inThisPoll;
    }

    private Optional<List<GpuProcess>> read() throws NvmlException {
        Map<Kind, List<GpuProcess>> lists = lists();
        Map<List<Object>, GpuProcess> processes = new LinkedHashMap<>();
        for (List<GpuProcess> ofOneKind : lists.values()) {
            ofOneKind.forEach(process -> processes.putIfAbsent(process.place(), process));
        }
        if (lists.isEmpty() || !visibility.isWhole(processes.size())) {
            return Optional.empty();
        }
        return Optional.of(processes.isEmpty() ? List.of() : withUtilization(processes.values()));
    }

    /** How many there are of each kind that the driver knows; none where it does not say. */
    public Map<Kind, Integer> counts() throws NvmlException {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        Optional<List<GpuProcess>> all = all();
        if (all.isPresent()) {
            lists().keySet().forEach(kind -> counts.put(kind, 0));
            all.get().forEach(process -> counts.merge(process.kind(), 1, Integer::sum));
        }
        return counts;
    }

    private List<GpuProcess> withUtilization(Iterable<GpuProcess> processes) throws NvmlException {
        Optional<Map<Long, ProcessUtilization.Rates>> rates = utilization.byPid();
        List<GpuProcess> list = new ArrayList<>();
        for (GpuProcess process : processes) {
            ProcessUtilization.Rates own = rates.map(
                            known -> known.getOrDefault(process.pid(), ProcessUtilization.Rates.IDLE))
                    .orElse(ProcessUtilization.Rates.UNKNOWN);
            list.add(process.using(own.sm(), own.memory()));
        }
        return List.copyOf(list);
    }

    /** In the order of {@link Kind}; what the driver has no list of is left out. */
    private Map<Kind, List<GpuProcess>> lists() throws NvmlException {
        Map<Kind, List<GpuProcess>> lists = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            Optional<List<GpuProcess>> ofOneKind = list(kind);
            ofOneKind.ifPresent(processes -> lists.put(kind, processes));
        }
        return lists;
    }

    private Optional<List<GpuProcess>> list(Kind kind) throws NvmlException {
        for (Version version : versions.get(kind)) {
            Optional<List<GpuProcess>> processes = calls.questions()
                    .ask(
                            version.function,
                            () -> list.read(
                                    version.function,
                                    kind,
                                    version.hasInstances,
                                    (count, out) -> version.call.call(calls.handle(), count, out)));
            if (processes.isPresent()) {
                return processes;
            }
        }
        return Optional.empty();
    }

    private record Version(String function, boolean hasInstances, DeviceCalls.TwoOut call) {}

    private static List<Version> newestFirst(
            String function, DeviceCalls.TwoOut v3, DeviceCalls.TwoOut v2, DeviceCalls.TwoOut v1) {
        return List.of(
                new Version(function + "_v3", true, v3),
                new Version(function + "_v2", true, v2),
                new Version(function, false, v1));
    }
}
