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

    /** Expressions for names by reason: DCGM_FI_ in front is left out, and * stands for any text. */
    private static final Map<String, List<String>> NAMES = names();

    private AbsentFields() {}

    private static Map<String, List<String>> names() {
        Map<String, List<String>> names = new LinkedHashMap<>();
        names.put(
                NOT_READ,
                List.of(
                        "NVML_VERSION",
                        "CUDA_DRIVER_VERSION",
                        "DEV_(OEM|ECC|POWER)_INFOROM_VER",
                        "DEV_INFOROM_CONFIG_(CHECK|VALID)",
                        "DEV_(PCI_COMBINED_ID|PCI_SUBSYS_ID|CUDA_COMPUTE_CAPABILITY|MIG_MAX_SLICES|CC_MODE|GPM_SUPPORT)",
                        "DEV_APP_(SM|MEM)_CLOCK",
                        "DEV_(AUTOBOOST|SYNC_BOOST|VIRTUAL_MODE|ECC_PENDING)",
                        "DEV_TOTAL_(APP|BASE)_CLOCKS_VIOLATION",
                        "DEV_PCIE_(TX|RX)_THROUGHPUT",
                        "DEV_PCIE_COUNT_*",
                        "DEV_ECC_(SBE|DBE)_AGG_(L1|L2|DEV|REG|TEX|SHM|CBU|SRM)",
                        "DEV_(REQUESTED|ENFORCED|VALID)_POWER_PROFILE_MASK",
                        "DEV_PWR_SMOOTHING_*",
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
                        "CUDA_VISIBLE_DEVICES_STR"));
        names.put(NO_GPU, List.of("DEV_NVSWITCH_*", "DEV_CPU_*", "DEV_CONNECTX_*", "DEV_CX_*", "SYSTEM_*"));
        names.put(
                DCGMS_OWN,
                List.of("PROCESS_NAME", "BIND_UNBIND_EVENT", "IMEX_*", "DEV_DIAG_*", "DEV_PLATFORM_*", "SYNC_BOOST"));
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
