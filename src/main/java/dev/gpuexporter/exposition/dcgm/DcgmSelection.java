package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.config.Settings;
import dev.gpuexporter.exposition.dcgm.DcgmField.Type;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Which fields are shown, and how.
 *
 * @param columns those with series of their own, in the order of the table
 * @param labels those on every series of the others, by name
 */
public record DcgmSelection(List<Column> columns, List<DcgmField> labels) {
    /** What DCGM's exporter shows where nobody has chosen. */
    private static final Set<String> DEFAULTS = Set.of(
            "DCGM_FI_DRIVER_VERSION",
            "DCGM_FI_DEV_SM_CLOCK",
            "DCGM_FI_DEV_MEM_CLOCK",
            "DCGM_FI_DEV_MEMORY_TEMP",
            "DCGM_FI_DEV_GPU_TEMP",
            "DCGM_FI_DEV_POWER_USAGE",
            "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION",
            "DCGM_FI_DEV_PCIE_REPLAY_COUNTER",
            "DCGM_FI_DEV_GPU_UTIL",
            "DCGM_FI_DEV_MEM_COPY_UTIL",
            "DCGM_FI_DEV_ENC_UTIL",
            "DCGM_FI_DEV_DEC_UTIL",
            "DCGM_FI_DEV_XID_ERRORS",
            "DCGM_FI_DEV_FB_FREE",
            "DCGM_FI_DEV_FB_USED",
            "DCGM_FI_DEV_FB_RESERVED",
            "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS",
            "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS",
            "DCGM_FI_DEV_ROW_REMAP_FAILURE",
            "DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL",
            "DCGM_FI_DEV_VGPU_LICENSE_STATUS",
            "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
            "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
            "DCGM_FI_PROF_DRAM_ACTIVE",
            "DCGM_FI_PROF_PCIE_TX_BYTES",
            "DCGM_FI_PROF_PCIE_RX_BYTES");

    /** A field as it is shown: its type and help may be another's than the table's. */
    public record Column(DcgmField field, Type type, String help) {
        static Column of(DcgmField field) {
            return new Column(field, field.type(), field.help());
        }
    }

    public DcgmSelection {
        columns = List.copyOf(columns);
        labels = labels.stream().sorted(Comparator.comparing(DcgmField::name)).toList();
    }

    /** What is shown where nobody has chosen. */
    public static DcgmSelection defaults(Settings.Dcgm settings) {
        return of(DcgmFields.all(settings).stream()
                .filter(field -> DEFAULTS.contains(field.name()))
                .toList());
    }

    /** These, as the table has them. */
    static DcgmSelection of(List<DcgmField> fields) {
        return new DcgmSelection(
                fields.stream()
                        .filter(field -> field.type() != Type.LABEL)
                        .map(Column::of)
                        .toList(),
                fields.stream().filter(field -> field.type() == Type.LABEL).toList());
    }
}
