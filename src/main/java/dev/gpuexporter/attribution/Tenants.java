package dev.gpuexporter.attribution;

import dev.gpuexporter.attribution.Tenancy.Share;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.kubernetes.PodDescription;
import dev.gpuexporter.kubernetes.PodIndex;
import dev.gpuexporter.kubernetes.PodLabels;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.metrics.MigPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tells who has a device, for those who name the holder on every series of it; nobody where owners are no labels. */
public final class Tenants {
    private final AttributionMode mode;
    private final Optional<PodLabels> podLabels;

    /** @param podLabels those that are shown of a pod; empty where the API server is not asked for pods */
    public Tenants(AttributionMode mode, Optional<PodLabels> podLabels) {
        this.mode = mode;
        this.podLabels = podLabels;
    }

    /** Who has the GPU whole, or in replicas. */
    public Tenancy of(NodeView node, DeviceReading gpu) {
        return tenancy(node, node.owner(gpu), node.uses().of(gpu.uuid()));
    }

    /** Who has the compute instances of a GPU instance. */
    public Tenancy of(NodeView node, DeviceReading gpu, int gpuInstance) {
        List<WorkloadUse> uses = new ArrayList<>();
        for (MigPart mig : gpu.mig()) {
            if (mig.gpuInstance() == gpuInstance) {
                uses.addAll(node.uses().of(mig.uuid()));
            }
        }
        return tenancy(node, node.ownerOfGpuInstance(gpu, gpuInstance), uses);
    }

    private Tenancy tenancy(NodeView node, Ownership ownership, List<WorkloadUse> uses) {
        if (mode != AttributionMode.LABELS) {
            return Tenancy.NONE;
        }
        PodIndex pods = node.cluster().pods();
        return new Tenancy(
                ownership.exclusiveOwner().map(owner -> tenant(owner, pods)),
                ownership.isShared() ? shares(uses, pods) : List.of());
    }

    /** One may hold several compute instances: what it uses of them adds up, where it is known of each. */
    private List<Share> shares(List<WorkloadUse> uses, PodIndex pods) {
        Map<Workload, Share> shares = new TreeMap<>();
        for (WorkloadUse use : uses) {
            Share share = new Share(tenant(use.workload(), pods), use.memoryBytes(), use.smUtilizationRatio());
            shares.merge(use.workload(), share, Tenants::sum);
        }
        return List.copyOf(shares.values());
    }

    private static Share sum(Share one, Share other) {
        boolean known = one.memoryBytes().isPresent() && other.memoryBytes().isPresent();
        return new Share(
                one.tenant(),
                known
                        ? OptionalLong.of(one.memoryBytes().getAsLong()
                                + other.memoryBytes().getAsLong())
                        : OptionalLong.empty(),
                OptionalDouble.empty()); // the driver does not tell of parts
    }

    private Tenant tenant(Workload workload, PodIndex pods) {
        SortedMap<String, String> details = new TreeMap<>();
        podLabels
                .flatMap(shown -> pods.pod(workload.namespace(), workload.pod()))
                .map(Tenants::details)
                .ifPresent(details::putAll);
        return new Tenant(workload.namespace(), workload.pod(), workload.container(), details);
    }

    private static Map<String, String> details(PodDescription pod) {
        Map<String, String> details = new TreeMap<>(pod.labels());
        details.put("pod_uid", pod.uid());
        return details;
    }
}
