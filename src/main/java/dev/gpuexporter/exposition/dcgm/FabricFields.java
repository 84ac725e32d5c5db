package dev.gpuexporter.exposition.dcgm;

import static dev.gpuexporter.exposition.dcgm.DcgmField.gauge;
import static dev.gpuexporter.exposition.dcgm.DcgmField.label;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.whole;

import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.PeerMetrics;
import dev.gpuexporter.metrics.Sample;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** How a GPU stands to the fabric and to the other GPUs. */
final class FabricFields {
    private static final String INFO = "gpu_fabric_info";
    private static final int COMPLETED = 3;
    private static final int SUCCESS = 3;
    private static final int FAILURE = 4;

    /** Under DCGM's names, by NVML's number. */
    private static final List<String> P2P_STATUSES = List.of(
            "OK",
            "ChipsetNotSupported",
            "GPUNotSupported",
            "TopologyNotSupported",
            "DisabledByRegKey",
            "NotSupported",
            "Unknown");

    static final List<DcgmField> ALL = List.of(
            gauge(
                            64,
                            "DCGM_FI_DEV_P2P_NVLINK_STATUS",
                            "A bit for each GPU of the node that this one reaches over NVLink.",
                            whole(FabricFields::reached))
                    .needs(Group.P2P),
            gauge(
                    170,
                    "DCGM_FI_DEV_FABRIC_MANAGER_STATUS",
                    "How far the GPU is in joining its fabric: 1 not started, 2 in progress, 3 it has, 4 it failed.",
                    whole(FabricFields::status)),
            gauge(
                    171,
                    "DCGM_FI_DEV_FABRIC_MANAGER_ERROR_CODE",
                    "NVML's code with which joining the fabric ended: 0 is success.",
                    whole(entity -> entity.value("gpu_fabric_status"))),
            label(
                    172,
                    "DCGM_FI_DEV_FABRIC_CLUSTER_UUID",
                    "UUID of the fabric; of one that goes beyond its node.",
                    entity -> entity.all(INFO).stream()
                            .map(sample -> sample.labels().get(0))
                            .findFirst()
                            .orElse("")),
            gauge(
                    173,
                    "DCGM_FI_DEV_FABRIC_CLIQUE_ID",
                    "Which part of its fabric the GPU has joined.",
                    entity -> entity.all(INFO).stream()
                            .map(sample -> DcgmSample.of(sample.labels().get(1)))
                            .toList()),
            gauge(
                    0,
                    "DCGM_FI_DEV_FABRIC_HEALTH_SUMMARY",
                    "Health of the GPU's place in its fabric: 1 healthy, 2 unhealthy, 3 limited capacity.",
                    whole(entity -> entity.value("gpu_fabric_health"))));

    /** Made up by DCGM's exporter. */
    static final DcgmField P2P_STATUS = gauge(
                    0,
                    "DCGM_EXP_P2P_STATUS",
                    "Whether the GPU reaches another over NVLink: 0 it does, else why not.",
                    FabricFields::peers)
            .needs(Group.P2P);

    private FabricFields() {}

    private static OptionalDouble status(DcgmEntity entity) {
        OptionalDouble state = entity.value("gpu_fabric_state");
        if (state.isEmpty() || state.getAsDouble() < COMPLETED) {
            return state;
        }
        OptionalDouble ended = entity.value("gpu_fabric_status");
        return ended.isPresent() ? OptionalDouble.of(ended.getAsDouble() == 0 ? SUCCESS : FAILURE) : ended;
    }

    private static OptionalDouble reached(DcgmEntity entity) {
        List<Sample> peers = entity.all(PeerMetrics.NVLINK_STATUS.name());
        return peers.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(peers.stream()
                        .filter(peer -> peer.value() == 0)
                        .mapToDouble(peer ->
                                Math.pow(2, Integer.parseInt(peer.labels().get(0))))
                        .sum());
    }

    private static List<DcgmSample> peers(DcgmEntity entity) {
        return entity.all(PeerMetrics.NVLINK_STATUS.name()).stream()
                .map(peer -> DcgmSample.of(
                        Map.of("peer_gpu", peer.labels().get(0), "link_status", inWords((int) peer.value())),
                        Long.toString((long) peer.value())))
                .toList();
    }

    private static String inWords(int status) {
        return P2P_STATUSES.get(Math.min(status, P2P_STATUSES.size() - 1));
    }
}
