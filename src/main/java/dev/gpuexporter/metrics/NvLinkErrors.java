package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.counter;
import static dev.gpuexporter.metrics.Group.NVLINK;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.NvLinks;
import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Errors on NVLinks by their kind: NVLink 5 tells other kinds than the links before, and old drivers by a call. */
final class NvLinkErrors {
    /**
     * Not among them are those that count again what these count: packets received with any error, and recoveries that
     * ended well or not.
     */
    private static final Map<Integer, String> FROM_NVLINK_5 = new LinkedHashMap<>();

    private static final Map<Integer, String> BEFORE_NVLINK_5 = new LinkedHashMap<>();
    private static final Map<Integer, String> BY_CALL = new LinkedHashMap<>();

    static {
        FROM_NVLINK_5.put(NVML_FI_DEV_NVLINK_COUNT_MALFORMED_PACKET_ERRORS, "malformed_packet");
        FROM_NVLINK_5.put(NVML_FI_DEV_NVLINK_COUNT_BUFFER_OVERRUN_ERRORS, "buffer_overrun");
        FROM_NVLINK_5.put(NVML_FI_DEV_NVLINK_COUNT_RCV_REMOTE_ERRORS, "receive_remote");
        FROM_NVLINK_5.put(NVML_FI_DEV_NVLINK_COUNT_RCV_GENERAL_ERRORS, "receive_general");
        FROM_NVLINK_5.put(NVML_FI_DEV_NVLINK_COUNT_LOCAL_LINK_INTEGRITY_ERRORS, "link_integrity");
        FROM_NVLINK_5.put(NVML_FI_DEV_NVLINK_COUNT_XMIT_DISCARDS, "transmit_discard");
        FROM_NVLINK_5.put(NVML_FI_DEV_NVLINK_COUNT_LINK_RECOVERY_SUCCESSFUL_EVENTS, "recovery_successful");
        FROM_NVLINK_5.put(NVML_FI_DEV_NVLINK_COUNT_LINK_RECOVERY_FAILED_EVENTS, "recovery_failed");
        BEFORE_NVLINK_5.put(NVML_FI_DEV_NVLINK_ERROR_DL_REPLAY, "replay");
        BEFORE_NVLINK_5.put(NVML_FI_DEV_NVLINK_ERROR_DL_RECOVERY, "recovery");
        BEFORE_NVLINK_5.put(NVML_FI_DEV_NVLINK_ERROR_DL_CRC, "crc");
        BY_CALL.put(NVML_NVLINK_ERROR_DL_REPLAY, "replay");
        BY_CALL.put(NVML_NVLINK_ERROR_DL_RECOVERY, "recovery");
        BY_CALL.put(NVML_NVLINK_ERROR_DL_CRC_FLIT, "crc_flit");
        BY_CALL.put(NVML_NVLINK_ERROR_DL_CRC_DATA, "crc_data");
        BY_CALL.put(NVML_NVLINK_ERROR_DL_ECC_DATA, "ecc_data");
    }

    static final GpuMetric METRIC = counter(
                    NVLINK, "gpu_nvlink_errors_total", "Errors on an NVLink, and recoveries from them.")
            .notWithMig()
            .labels("link", "kind")
            .from("NVML_FI_DEV_NVLINK_COUNT_…, NVML_FI_DEV_NVLINK_ERROR_DL_…, nvmlDeviceGetNvLinkErrorCounter")
            .fields(device -> device.nvLinks()
                    .fields(IntStream.concat(ids(FROM_NVLINK_5), ids(BEFORE_NVLINK_5))
                            .toArray()))
            .read(NvLinkErrors::read);

    private NvLinkErrors() {}

    private static IntStream ids(Map<Integer, String> kinds) {
        return kinds.keySet().stream().mapToInt(Integer::intValue);
    }

    private static void read(NvmlDevice device, Samples out) throws NvmlException {
        NvLinks links = device.nvLinks();
        Map<Integer, String> fields = links.hasAny(FROM_NVLINK_5.keySet()) ? FROM_NVLINK_5 : BEFORE_NVLINK_5;
        boolean byField = links.hasAny(fields.keySet());
        for (int link = 0; link < links.count(); link++) {
            for (Map.Entry<Integer, String> kind : (byField ? fields : BY_CALL).entrySet()) {
                int which = kind.getKey();
                out.add(
                        byField ? links.field(which, link) : links.errors(link, which),
                        NumberLabel.of(link),
                        kind.getValue());
            }
        }
    }
}
