package dev.gpuexporter.exposition.dcgm;

import static dev.gpuexporter.exposition.dcgm.DcgmField.gauge;
import static dev.gpuexporter.exposition.dcgm.DcgmField.label;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.whole;

import dev.gpuexporter.metrics.MigPart;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What a GPU is, and in which modes. */
final class IdentityFields {
    /** From NVML's modes to DCGM's; it has no word for one thread alone, which NVML has given up. */
    private static final Map<Double, Double> COMPUTE_MODES = Map.of(0.0, 0.0, 2.0, 1.0, 3.0, 2.0);

    static final List<DcgmField> ALL = List.of(
            text(1, "DCGM_FI_DRIVER_VERSION", "Version of the driver.", "driver_version"),
            text(2, "DCGM_FI_NVML_VERSION", "Version of NVML.", "nvml_version"),
            gauge(4, "DCGM_FI_DEV_COUNT", "GPUs of the node.", whole(entity -> OptionalDouble.of(entity.gpus()))),
            number(
                    5,
                    "DCGM_FI_CUDA_DRIVER_VERSION",
                    "Newest CUDA that the driver runs: 13000 is 13.0.",
                    "cuda_version",
                    version -> parts(version, 1000, 10)),
            label(50, "DCGM_FI_DEV_NAME", "Model of the GPU; of a GPU instance its profile.", IdentityFields::name),
            text(51, "DCGM_FI_DEV_BRAND", "Brand of the GPU.", "brand"),
            gauge(
                    52,
                    "DCGM_FI_DEV_NVML_INDEX",
                    "NVML's index of the GPU.",
                    whole(entity -> OptionalDouble.of(entity.gpu().index()))),
            text(53, "DCGM_FI_DEV_SERIAL", "Serial number of the board.", "serial"),
            label(54, "DCGM_FI_DEV_UUID", "UUID of the GPU; of a GPU instance its own.", IdentityFields::uuid),
            number(55, "DCGM_FI_DEV_MINOR_NUMBER", "N of /dev/nvidiaN.", "minor", Double::parseDouble),
            text(56, "DCGM_FI_DEV_OEM_INFOROM_VER", "Version of the InfoROM's OEM object.", "inforom_oem_version"),
            label(57, "DCGM_FI_DEV_PCI_BUSID", "Address of the GPU on the PCI bus.", entity -> entity.info("pci_bus_id")
                    .toUpperCase(Locale.ROOT)),
            number(
                    58,
                    "DCGM_FI_DEV_PCI_COMBINED_ID",
                    "PCI device in the upper 16 bits, and vendor.",
                    "pci_device_id",
                    Long::decode),
            number(
                    59,
                    "DCGM_FI_DEV_PCI_SUBSYS_ID",
                    "PCI subsystem in the upper 16 bits, and its vendor.",
                    "pci_subsystem_id",
                    Long::decode),
            number(
                    63,
                    "DCGM_FI_DEV_CUDA_COMPUTE_CAPABILITY",
                    "CUDA's compute capability: the major version in the upper 16 bits, and the minor.",
                    "compute_capability",
                    version -> parts(version, 0x10000, 1)),
            gauge(
                    65,
                    "DCGM_FI_DEV_COMPUTE_MODE",
                    "Who may compute on the GPU: 0 anybody, 1 nobody, 2 one process.",
                    whole(IdentityFields::computeMode)),
            gauge(
                    66,
                    "DCGM_FI_DEV_PERSISTENCE_MODE",
                    "Whether the driver stays loaded while nobody uses the GPU (1) or not (0).",
                    whole(entity -> entity.value("gpu_persistence_mode_enabled"))),
            gauge(
                    67,
                    "DCGM_FI_DEV_MIG_MODE",
                    "Whether the GPU is in MIG mode (1) or not (0), be it that it has none.",
                    whole(IdentityFields::migMode)),
            text(80, "DCGM_FI_DEV_ECC_INFOROM_VER", "Version of the InfoROM's ECC object.", "inforom_ecc_version"),
            text(
                    81,
                    "DCGM_FI_DEV_POWER_INFOROM_VER",
                    "Version of the InfoROM's power object.",
                    "inforom_power_version"),
            text(82, "DCGM_FI_DEV_INFOROM_IMAGE_VER", "Version of the InfoROM's image.", "inforom_version"),
            text(85, "DCGM_FI_DEV_VBIOS_VERSION", "Version of the VBIOS.", "vbios_version"));

    private IdentityFields() {}

    private static String name(DcgmEntity entity) {
        return entity.profile().orElseGet(() -> entity.info("model"));
    }

    private static String uuid(DcgmEntity entity) {
        return entity.part().map(MigPart::uuid).orElseGet(() -> entity.gpu().uuid());
    }

    private static DcgmField text(int number, String name, String help, String label) {
        return label(number, name, help, entity -> entity.info(label));
    }

    /** A label of {@code gpu_info} that DCGM has as a number. */
    private static DcgmField number(
            int number, String name, String help, String label, ToDoubleFunction<String> numberOf) {
        return gauge(number, name, help, whole(entity -> {
            String text = entity.info(label);
            return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(numberOf.applyAsDouble(text));
        }));
    }

    /** MAJOR.MINOR as one number. */
    private static double parts(String version, int major, int minor) {
        String[] parts = version.split("\\.");
        return (double) major * Integer.parseInt(parts[0]) + (double) minor * Integer.parseInt(parts[1]);
    }

    private static OptionalDouble computeMode(DcgmEntity entity) {
        return Optional.of(entity.value("gpu_compute_mode"))
                .filter(OptionalDouble::isPresent)
                .map(mode -> COMPUTE_MODES.get(mode.getAsDouble()))
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
    }

    private static OptionalDouble migMode(DcgmEntity entity) {
        return entity.isUp() ? OptionalDouble.of(entity.value("gpu_mig_enabled").orElse(0)) : OptionalDouble.empty();
    }
}
