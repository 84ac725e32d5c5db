package dev.gpuexporter.exposition.dcgm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Fields of DCGM that the exporter does not show, and why: a file may choose them, and has no series of them. */
public final class AbsentFields {
    private static final String NOT_READ = "the exporter does not read it so far";
    private static final String LINK_BY_LINK =
            "NVML has it link by link, and how DCGM puts the links together is not known";
    private static final String REGISTERS = "DCGM says it of links as devices of their own, from their registers";
    private static final String BIT_BY_BIT = "its conditions are series of gpu_fabric_unhealthy";
    private static final String NO_GPU = "it is said of devices that are no GPUs";
    private static final String NO_NUMBER = "it is no single value";
    private static final String DCGMS_OWN = "DCGM alone knows it";

    private static final String OTHER_FORM = "gpu_platform_info has it, as text";

    /** Expressions for names by reason: DCGM_FI_ in front is left out, and * stands for any text. */
    private static final Map<String, List<String>> NAMES = names();

    private AbsentFields() {}

    private static Map<String, List<String>> names() {
        Map<String, List<String>> names = new LinkedHashMap<>();
        names.put(
                NOT_READ,
                List.of(
                        "DEV_INFOROM_CONFIG_(CHECK|VALID)",
                        "DEV_(MIG_MAX_SLICES|CC_MODE|GPM_SUPPORT)",
                        "DEV_(AUTOBOOST|SYNC_BOOST)",
                        "DEV_PCIE_COUNT_*",
                        "DEV_(REQUESTED|ENFORCED|VALID)_POWER_PROFILE_MASK",
                        "DEV_PWR_SMOOTHING_*",
                        "DEV_PLATFORM_INFINIBAND_GUID",
                        "PROF_(HOSTMEM|PEERMEM)_*"));
        names.put(LINK_BY_LINK, List.of("DEV_C2C_*"));
        names.put(REGISTERS, List.of("DEV_NVLINK_(PPCNT|PPRM)_*"));
        names.put(BIT_BY_BIT, List.of("DEV_FABRIC_HEALTH_MASK"));
        names.put(
                NO_NUMBER,
                List.of(
                        "GPU_TOPOLOGY_*",
                        "DEV_(SUPPORTED_CLOCKS|ACCOUNTING_DATA|ENC_STATS|FBC_STATS|FBC_SESSIONS_INFO)",
                        "DEV_(CPU|MEM)_AFFINITY_[0-9]",
                        "DEV_MIG_(ATTRIBUTES|GI_INFO|CI_INFO)",
                        "DEV_(SUPPORTED|CREATABLE)_*",
                        "DEV_VGPU_[A-KM-Z]*",
                        "DEV_CUDA_VISIBLE_DEVICES_STR",
                        "DEV_(COMPUTE|GRAPHICS)_PIDS",
                        "DEV_(GPU_UTIL|MEM_COPY_UTIL)_SAMPLES",
                        "DEV_GPU_NVLINK_ERRORS"));
        names.put(OTHER_FORM, List.of("DEV_PLATFORM_CHASSIS_SERIAL_NUMBER"));
        names.put(
                NO_GPU,
                List.of(
                        "DEV_NVSWITCH_*",
                        "DEV_CPU_*",
                        "DEV_CONNECTX_*",
                        "DEV_CX_*",
                        "DEV_(SYSIO|MODULE)_POWER_*",
                        "SYSTEM_*"));
        names.put(DCGMS_OWN, List.of("PROCESS_NAME", "BIND_UNBIND_EVENT", "IMEX_*", "DEV_DIAG_*", "SYNC_BOOST"));
        return names;
    }

    /** Empty for what is no field of DCGM. */
    static Optional<String> why(String field) {
        return NAMES.entrySet().stream()
                .filter(reason -> reason.getValue().stream().anyMatch(name -> matches(name, field)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean matches(String name, String field) {
        String whole = name.startsWith("DCGM_") ? name : "DCGM_FI_" + name;
        return Pattern.matches(whole.replace("*", "[A-Z0-9_]+"), field);
    }

    /** For the documents: each reason with the names that it holds for. */
    public static Stream<Map.Entry<String, List<String>>> byReason() {
        return NAMES.entrySet().stream();
    }
}
