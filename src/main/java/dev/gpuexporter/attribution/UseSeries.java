package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.metrics.EventMetrics;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.metrics.WorkloadUsageMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What containers do with a GPU and its MIG devices, as samples. */
final class UseSeries {
    private UseSeries() {}

    static List<Sample> of(WorkloadUses uses, DeviceReading device) {
        List<Sample> samples = new ArrayList<>();
        uses.of(device.uuid()).forEach(use -> addGpu(use, samples));
        device.mig().forEach(mig -> uses.of(mig.uuid()).forEach(use -> addMig(mig, use, samples)));
        for (WorkloadXid xid : uses.xids(device.uuid())) {
            List<String> labels = new ArrayList<>(labels(xid.workload()));
            labels.add(Integer.toString(xid.xid()));
            samples.add(new Sample(EventMetrics.WORKLOAD_XID_LAST, labels, seconds(xid.time())));
        }
        return samples;
    }

    private static void addGpu(WorkloadUse use, List<Sample> samples) {
        List<String> labels = labels(use.workload());
        use.memoryBytes().ifPresent(bytes -> samples.add(new Sample(WorkloadUsageMetrics.MEMORY_USED, labels, bytes)));
        use.smUtilizationRatio()
                .ifPresent(ratio -> samples.add(new Sample(WorkloadUsageMetrics.SM_UTILIZATION, labels, ratio)));
        use.processes().ifPresent(count -> samples.add(new Sample(WorkloadUsageMetrics.PROCESS_COUNT, labels, count)));
        use.energyJoules().ifPresent(joules -> samples.add(new Sample(WorkloadUsageMetrics.ENERGY, labels, joules)));
        use.lastActive()
                .ifPresent(last -> samples.add(new Sample(WorkloadUsageMetrics.LAST_ACTIVE, labels, seconds(last))));
    }

    private static void addMig(MigPart mig, WorkloadUse use, List<Sample> samples) {
        use.memoryBytes().ifPresent(bytes -> samples.add(of(WorkloadUsageMetrics.MIG_MEMORY_USED, mig, use, bytes)));
        use.processes().ifPresent(count -> samples.add(of(WorkloadUsageMetrics.MIG_PROCESS_COUNT, mig, use, count)));
        use.lastActive()
                .ifPresent(last -> samples.add(of(WorkloadUsageMetrics.MIG_LAST_ACTIVE, mig, use, seconds(last))));
    }

    private static Sample of(GpuMetric metric, MigPart mig, WorkloadUse use, double value) {
        return new Sample(metric, Optional.of(mig), labels(use.workload()), value);
    }

    private static List<String> labels(Workload workload) {
        return List.of(workload.namespace(), workload.pod(), workload.container());
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }
}
