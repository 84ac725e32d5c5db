package dev.gpuexporter.exposition.dcgm;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.metrics.MigPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field: what the exporter read under its own name, and what DCGM's exporter would write. */
class DcgmFieldsTest {
    /** The field without DCGM_FI_, the exporter's own metric with its labels, what was read, what is written. */
    private static final String FROM_ONE_READING = """
            DEV_COMPUTE_MODE             | gpu_compute_mode                                 | 0              | 0
            DEV_COMPUTE_MODE             | gpu_compute_mode                                 | 2              | 1
            DEV_COMPUTE_MODE             | gpu_compute_mode                                 | 3              | 2
            DEV_PERSISTENCE_MODE         | gpu_persistence_mode_enabled                     | 1              | 1
            DEV_MIG_MODE                 | gpu_mig_enabled                                  | 1              | 1
            DEV_BAR1_TOTAL               | gpu_bar1_memory_total_bytes                      | 137438953472   | 131072
            DEV_BAR1_USED                | gpu_bar1_memory_used_bytes                       | 1048575        | 0
            DEV_SM_CLOCK                 | gpu_clock_hertz sm                               | 1980000000     | 1980
            DEV_MEM_CLOCK                | gpu_clock_hertz memory                           | 2619000000     | 2619
            DEV_VIDEO_CLOCK              | gpu_clock_hertz video                            | 1545000000     | 1545
            DEV_APP_SM_CLOCK             | gpu_clock_application_hertz sm                   | 1410000000     | 1410
            DEV_APP_MEM_CLOCK            | gpu_clock_application_hertz memory               | 1215000000     | 1215
            DEV_MAX_SM_CLOCK             | gpu_clock_max_hertz sm                           | 1980000000     | 1980
            DEV_MAX_MEM_CLOCK            | gpu_clock_max_hertz memory                       | 2619000000     | 2619
            DEV_MAX_VIDEO_CLOCK          | gpu_clock_max_hertz video                        | 1545000000     | 1545
            DEV_MEMORY_TEMP              | gpu_temperature_celsius memory                   | 45             | 45
            DEV_GPU_TEMP                 | gpu_temperature_celsius gpu                      | 43             | 43
            DEV_MEM_MAX_OP_TEMP          | gpu_temperature_threshold_celsius memory_max     | 95             | 95
            DEV_GPU_MAX_OP_TEMP          | gpu_temperature_threshold_celsius gpu_max        | 87             | 87
            DEV_GPU_TEMP_LIMIT           | gpu_temperature_margin_celsius                   | 44             | 44
            DEV_POWER_USAGE              | gpu_power_draw_watts                             | 252.771        | 252.771000
            DEV_TOTAL_ENERGY_CONSUMPTION | gpu_energy_joules_total                          | 9007199254.741 | 9007199254741
            DEV_POWER_USAGE_INSTANT      | gpu_power_draw_instant_watts                     | 70             | 70.000000
            DEV_SLOWDOWN_TEMP            | gpu_temperature_threshold_celsius slowdown       | 89             | 89
            DEV_SHUTDOWN_TEMP            | gpu_temperature_threshold_celsius shutdown       | 92             | 92
            DEV_POWER_MGMT_LIMIT         | gpu_power_limit_watts set                        | 699.9          | 699
            DEV_POWER_MGMT_LIMIT_MIN     | gpu_power_limit_watts minimum                    | 200            | 200
            DEV_POWER_MGMT_LIMIT_MAX     | gpu_power_limit_watts maximum                    | 700            | 700
            DEV_POWER_MGMT_LIMIT_DEF     | gpu_power_limit_watts default                    | 700            | 700
            DEV_ENFORCED_POWER_LIMIT     | gpu_power_limit_watts enforced                   | 650            | 650
            DEV_PSTATE                   | gpu_performance_state                            | 8              | 8
            DEV_FAN_SPEED                | gpu_fan_speed_ratio 0                            | 0.29           | 29
            DEV_PCIE_TX_THROUGHPUT       | gpu_pcie_throughput_transmit_bytes_per_second    | 400000         | 400
            DEV_PCIE_RX_THROUGHPUT       | gpu_pcie_throughput_receive_bytes_per_second     | 300000         | 300
            DEV_PCIE_REPLAY_COUNTER      | gpu_pcie_replays_total                           | 12             | 12
            DEV_GPU_UTIL                 | gpu_utilization_ratio                            | 0.29           | 29
            DEV_GPU_UTIL                 | gpu_utilization_ratio                            | 1              | 100
            DEV_MEM_COPY_UTIL            | gpu_memory_controller_utilization_ratio          | 0.57           | 57
            DEV_ENC_UTIL                 | gpu_encoder_utilization_ratio                    | 0              | 0
            DEV_DEC_UTIL                 | gpu_decoder_utilization_ratio                    | 0.07           | 7
            DEV_PCIE_MAX_LINK_GEN        | gpu_pcie_link_generation_max                     | 5              | 5
            DEV_PCIE_MAX_LINK_WIDTH      | gpu_pcie_link_width_max                          | 16             | 16
            DEV_PCIE_LINK_GEN            | gpu_pcie_link_generation                         | 4              | 4
            DEV_PCIE_LINK_WIDTH          | gpu_pcie_link_width                              | 8              | 8
            DEV_POWER_VIOLATION          | gpu_clock_event_seconds_total sw_power_cap       | 86400.123456789 | 86400123456789
            DEV_THERMAL_VIOLATION        | gpu_clock_event_seconds_total thermal            | 0.000000001    | 1
            DEV_SYNC_BOOST_VIOLATION     | gpu_clock_event_seconds_total sync_boost         | 2.5            | 2500000000
            DEV_BOARD_LIMIT_VIOLATION    | gpu_clock_event_seconds_total board_limit        | 0              | 0
            DEV_LOW_UTIL_VIOLATION       | gpu_clock_event_seconds_total low_utilization    | 3              | 3000000000
            DEV_RELIABILITY_VIOLATION    | gpu_clock_event_seconds_total reliability        | 4              | 4000000000
            DEV_TOTAL_APP_CLOCKS_VIOLATION | gpu_clock_below_application_seconds_total      | 5.000000001    | 5000000001
            DEV_TOTAL_BASE_CLOCKS_VIOLATION | gpu_clock_below_base_seconds_total            | 0.000002       | 2000
            DEV_FB_TOTAL                 | gpu_memory_total_bytes                           | 85520809984    | 81559
            DEV_FB_FREE                  | gpu_memory_free_bytes                            | 1048576        | 1
            DEV_FB_USED                  | gpu_memory_used_bytes                            | 2097151        | 1
            DEV_FB_RESERVED              | gpu_memory_reserved_bytes                        | 570425344      | 544
            DEV_ECC_CURRENT              | gpu_ecc_enabled                                  | 1              | 1
            DEV_ECC_PENDING              | gpu_ecc_enabled_after_reset                      | 0              | 0
            DEV_ECC_SBE_VOL_TOTAL        | gpu_ecc_volatile_errors_total corrected          | 3              | 3
            DEV_ECC_DBE_VOL_TOTAL        | gpu_ecc_volatile_errors_total uncorrected        | 1              | 1
            DEV_ECC_SBE_AGG_TOTAL        | gpu_ecc_errors_total corrected                   | 30             | 30
            DEV_ECC_DBE_AGG_TOTAL        | gpu_ecc_errors_total uncorrected                 | 10             | 10
            DEV_ECC_SBE_VOL_L1           | gpu_ecc_volatile_location_errors_total corrected l1_cache                | 2 | 2
            DEV_ECC_DBE_VOL_L1           | gpu_ecc_volatile_location_errors_total uncorrected l1_cache              | 3 | 3
            DEV_ECC_SBE_VOL_L2           | gpu_ecc_volatile_location_errors_total corrected l2_cache                | 4 | 4
            DEV_ECC_DBE_VOL_L2           | gpu_ecc_volatile_location_errors_total uncorrected l2_cache              | 5 | 5
            DEV_ECC_SBE_VOL_DEV          | gpu_ecc_volatile_location_errors_total corrected dram                    | 6 | 6
            DEV_ECC_DBE_VOL_DEV          | gpu_ecc_volatile_location_errors_total uncorrected dram                  | 7 | 7
            DEV_ECC_SBE_VOL_REG          | gpu_ecc_volatile_location_errors_total corrected register_file           | 8 | 8
            DEV_ECC_DBE_VOL_REG          | gpu_ecc_volatile_location_errors_total uncorrected register_file         | 9 | 9
            DEV_ECC_SBE_VOL_TEX          | gpu_ecc_volatile_location_errors_total corrected texture_memory          | 2 | 2
            DEV_ECC_DBE_VOL_TEX          | gpu_ecc_volatile_location_errors_total uncorrected texture_memory        | 3 | 3
            DEV_ECC_SBE_VOL_SHM          | gpu_ecc_volatile_location_errors_total corrected texture_shared_memory   | 4 | 4
            DEV_ECC_DBE_VOL_SHM          | gpu_ecc_volatile_location_errors_total uncorrected texture_shared_memory | 5 | 5
            DEV_ECC_SBE_VOL_CBU          | gpu_ecc_volatile_location_errors_total corrected cbu                     | 6 | 6
            DEV_ECC_DBE_VOL_CBU          | gpu_ecc_volatile_location_errors_total uncorrected cbu                   | 7 | 7
            DEV_ECC_SBE_VOL_SRM          | gpu_ecc_volatile_location_errors_total corrected sram                    | 8 | 8
            DEV_ECC_DBE_VOL_SRM          | gpu_ecc_volatile_location_errors_total uncorrected sram                  | 9 | 9
            DEV_ECC_SBE_AGG_L1           | gpu_ecc_location_errors_total corrected l1_cache                  | 12 | 12
            DEV_ECC_DBE_AGG_L1           | gpu_ecc_location_errors_total uncorrected l1_cache                | 13 | 13
            DEV_ECC_SBE_AGG_L2           | gpu_ecc_location_errors_total corrected l2_cache                  | 14 | 14
            DEV_ECC_DBE_AGG_L2           | gpu_ecc_location_errors_total uncorrected l2_cache                | 15 | 15
            DEV_ECC_SBE_AGG_DEV          | gpu_ecc_location_errors_total corrected dram                      | 16 | 16
            DEV_ECC_DBE_AGG_DEV          | gpu_ecc_location_errors_total uncorrected dram                    | 17 | 17
            DEV_ECC_SBE_AGG_REG          | gpu_ecc_location_errors_total corrected register_file             | 18 | 18
            DEV_ECC_DBE_AGG_REG          | gpu_ecc_location_errors_total uncorrected register_file           | 19 | 19
            DEV_ECC_SBE_AGG_TEX          | gpu_ecc_location_errors_total corrected texture_memory            | 22 | 22
            DEV_ECC_DBE_AGG_TEX          | gpu_ecc_location_errors_total uncorrected texture_memory          | 23 | 23
            DEV_ECC_SBE_AGG_SHM          | gpu_ecc_location_errors_total corrected texture_shared_memory     | 24 | 24
            DEV_ECC_DBE_AGG_SHM          | gpu_ecc_location_errors_total uncorrected texture_shared_memory   | 25 | 25
            DEV_ECC_SBE_AGG_CBU          | gpu_ecc_location_errors_total corrected cbu                       | 26 | 26
            DEV_ECC_DBE_AGG_CBU          | gpu_ecc_location_errors_total uncorrected cbu                     | 27 | 27
            DEV_ECC_SBE_AGG_SRM          | gpu_ecc_location_errors_total corrected sram                      | 28 | 28
            DEV_ECC_DBE_AGG_SRM          | gpu_ecc_location_errors_total uncorrected sram                    | 29 | 29
            DEV_THRESHOLD_SRM            | gpu_ecc_sram_threshold_exceeded                  | 1              | 1
            DEV_RETIRED_SBE              | gpu_retired_pages multiple_single_bit_errors     | 5              | 5
            DEV_RETIRED_DBE              | gpu_retired_pages double_bit_error               | 6              | 6
            DEV_RETIRED_PENDING          | gpu_retired_pages_pending                        | 1              | 1
            DEV_UNCORRECTABLE_REMAPPED_ROWS | gpu_remapped_rows uncorrected                 | 2              | 2
            DEV_CORRECTABLE_REMAPPED_ROWS | gpu_remapped_rows corrected                     | 3              | 3
            DEV_ROW_REMAP_FAILURE        | gpu_row_remap_failed                             | 0              | 0
            DEV_ROW_REMAP_PENDING        | gpu_row_remap_pending                            | 1              | 1
            DEV_BANKS_REMAP_ROWS_AVAIL_MAX | gpu_row_remap_banks max | 640 | 640
            DEV_BANKS_REMAP_ROWS_AVAIL_HIGH | gpu_row_remap_banks high | 3 | 3
            DEV_BANKS_REMAP_ROWS_AVAIL_PARTIAL | gpu_row_remap_banks partial | 2 | 2
            DEV_BANKS_REMAP_ROWS_AVAIL_LOW | gpu_row_remap_banks low | 1 | 1
            DEV_BANKS_REMAP_ROWS_AVAIL_NONE | gpu_row_remap_banks none | 0 | 0
            DEV_VIRTUAL_MODE             | gpu_virtualization_mode                          | 3              | 3
            DEV_VGPU_LICENSE_STATUS      | gpu_virtualization_mode                          | 0              | 0
            DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL | gpu_nvlink_errors_total 3 crc_flit      | 7              | 7
            DEV_NVLINK_CRC_DATA_ERROR_COUNT_TOTAL | gpu_nvlink_errors_total 3 crc_data      | 8              | 8
            DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL   | gpu_nvlink_errors_total 3 replay        | 9              | 9
            DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL | gpu_nvlink_errors_total 3 recovery      | 4              | 4
            DEV_NVLINK_CRC_FLIT_ERROR_COUNT_L17   | gpu_nvlink_errors_total 17 crc_flit     | 7              | 7
            DEV_NVLINK_REPLAY_ERROR_COUNT_L0      | gpu_nvlink_errors_total 0 replay        | 9              | 9
            DEV_NVLINK_COUNT_RX_MALFORMED_PACKET_ERRORS  | gpu_nvlink_errors_total 0 malformed_packet    | 1 | 1
            DEV_NVLINK_COUNT_RX_BUFFER_OVERRUN_ERRORS    | gpu_nvlink_errors_total 0 buffer_overrun      | 2 | 2
            DEV_NVLINK_COUNT_RX_REMOTE_ERRORS            | gpu_nvlink_errors_total 0 receive_remote      | 3 | 3
            DEV_NVLINK_COUNT_RX_GENERAL_ERRORS           | gpu_nvlink_errors_total 0 receive_general     | 4 | 4
            DEV_NVLINK_COUNT_LOCAL_LINK_INTEGRITY_ERRORS | gpu_nvlink_errors_total 0 link_integrity      | 5 | 5
            DEV_NVLINK_COUNT_TX_DISCARDS                 | gpu_nvlink_errors_total 0 transmit_discard    | 6 | 6
            DEV_NVLINK_COUNT_LINK_RECOVERY_SUCCESSFUL_EVENTS | gpu_nvlink_errors_total 0 recovery_successful | 7 | 7
            DEV_NVLINK_COUNT_LINK_RECOVERY_FAILED_EVENTS | gpu_nvlink_errors_total 0 recovery_failed     | 8 | 8
            DEV_CLOCKS_EVENT_REASON_SW_POWER_CAP_NS            | gpu_clock_event_seconds_total sw_power_cap            | 2.5 | 2500000000
            DEV_CLOCKS_EVENT_REASON_SYNC_BOOST_NS              | gpu_clock_event_seconds_total sync_boost              | 3   | 3000000000
            DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN_NS       | gpu_clock_event_seconds_total sw_thermal_slowdown     | 4   | 4000000000
            DEV_CLOCKS_EVENT_REASON_HW_THERM_SLOWDOWN_NS       | gpu_clock_event_seconds_total hw_thermal_slowdown     | 5   | 5000000000
            DEV_CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN_NS | gpu_clock_event_seconds_total hw_power_brake_slowdown | 6   | 6000000000
            DEV_NVLINK_COUNT_TX_PACKETS                  | gpu_nvlink_transmit_packets_total 0           | 5000000000 | 5000000000
            DEV_NVLINK_COUNT_TX_BYTES                    | gpu_nvlink_transmit_bytes_total 0             | 9 | 9
            DEV_NVLINK_COUNT_RX_PACKETS                  | gpu_nvlink_receive_packets_total 0            | 8 | 8
            DEV_NVLINK_COUNT_RX_BYTES                    | gpu_nvlink_receive_bytes_total 0              | 7 | 7
            DEV_NVLINK_COUNT_RX_ERRORS                   | gpu_nvlink_receive_error_packets_total 0      | 6 | 6
            DEV_NVLINK_COUNT_RX_SYMBOL_ERRORS            | gpu_nvlink_symbol_errors_total 0              | 5 | 5
            DEV_NVLINK_COUNT_EFFECTIVE_ERRORS            | gpu_nvlink_effective_errors_total 0           | 4 | 4
            DEV_NVLINK_COUNT_SYMBOL_BER                  | gpu_nvlink_symbol_error_ratio 0               | 15E-255 | 4095
            DEV_NVLINK_COUNT_SYMBOL_BER                  | gpu_nvlink_symbol_error_ratio 0               | 0.4     | 1025
            DEV_NVLINK_COUNT_SYMBOL_BER                  | gpu_nvlink_symbol_error_ratio 0               | 0       | 0
            DEV_NVLINK_COUNT_SYMBOL_BER_FLOAT            | gpu_nvlink_symbol_error_ratio 0               | 3E-12   | 3.0E-12
            DEV_NVLINK_COUNT_EFFECTIVE_BER               | gpu_nvlink_effective_error_ratio 0            | 3E-232  | 1000
            DEV_NVLINK_COUNT_EFFECTIVE_BER_FLOAT         | gpu_nvlink_effective_error_ratio 0            | 15E-255 | 1.5E-254
            DEV_NVLINK_COUNT_FEC_HISTORY_0               | gpu_nvlink_fec_blocks_total 0 0               | 3 | 3
            DEV_NVLINK_COUNT_FEC_HISTORY_15              | gpu_nvlink_fec_blocks_total 0 15              | 2 | 2
            DEV_NVLINK_ERROR_DL_CRC      | gpu_nvlink_errors_total 3 crc                    | 3              | 3
            DEV_NVLINK_ERROR_DL_RECOVERY | gpu_nvlink_errors_total 3 recovery               | 4              | 4
            DEV_NVLINK_ERROR_DL_REPLAY   | gpu_nvlink_errors_total 3 replay                 | 5              | 5
            DEV_NVLINK_ECC_DATA_ERROR_COUNT_TOTAL | gpu_nvlink_errors_total 3 ecc_data      | 6              | 6
            DEV_FABRIC_MANAGER_STATUS    | gpu_fabric_state                                 | 1              | 1
            DEV_FABRIC_MANAGER_STATUS    | gpu_fabric_state                                 | 2              | 2
            DEV_FABRIC_MANAGER_ERROR_CODE | gpu_fabric_status                               | 10             | 10
            DEV_FABRIC_CLIQUE_ID         | gpu_fabric_info ba11ad00-0000-4000-8000-000000000000 32766 | 1    | 32766
            DEV_FABRIC_HEALTH_SUMMARY    | gpu_fabric_health                                | 3              | 3
            PROF_NVDEC0_ACTIVE           | gpu_decoder_active_ratio 0                       | 0.25           | 0.250000
            PROF_NVDEC7_ACTIVE           | gpu_decoder_active_ratio 7                       | 0.5            | 0.500000
            PROF_NVJPG0_ACTIVE           | gpu_jpeg_active_ratio 0                          | 0.125          | 0.125000
            PROF_NVJPG7_ACTIVE           | gpu_jpeg_active_ratio 7                          | 1              | 1.000000
            PROF_NVOFA0_ACTIVE           | gpu_ofa_active_ratio 0                           | 0.2            | 0.200000
            PROF_NVOFA1_ACTIVE           | gpu_ofa_active_ratio 1                           | 0.3            | 0.300000
            PROF_NVLINK_L0_TX_BYTES      | gpu_nvlink_link_transmit_bytes_per_second 0      | 1048576        | 1048576
            PROF_NVLINK_L17_RX_BYTES     | gpu_nvlink_link_receive_bytes_per_second 17      | 2097152        | 2097152
            PROF_C2C_TX_ALL_BYTES        | gpu_c2c_transmit_bytes_per_second                | 11             | 11
            PROF_C2C_TX_DATA_BYTES       | gpu_c2c_transmit_data_bytes_per_second           | 10             | 10
            PROF_C2C_RX_ALL_BYTES        | gpu_c2c_receive_bytes_per_second                 | 22             | 22
            PROF_C2C_RX_DATA_BYTES       | gpu_c2c_receive_data_bytes_per_second            | 20             | 20
            PROF_GR_ENGINE_ACTIVE        | gpu_graphics_engine_active_ratio                 | 0.5            | 0.500000
            PROF_SM_ACTIVE               | gpu_sm_active_ratio                              | 0.123456789    | 0.123457
            PROF_SM_OCCUPANCY            | gpu_sm_occupancy_ratio                           | 0.25           | 0.250000
            PROF_PIPE_TENSOR_ACTIVE      | gpu_tensor_active_ratio                          | 0.75           | 0.750000
            PROF_DRAM_ACTIVE             | gpu_dram_active_ratio                            | 0.3            | 0.300000
            PROF_PIPE_FP64_ACTIVE        | gpu_fp64_active_ratio                            | 0.1            | 0.100000
            PROF_PIPE_FP32_ACTIVE        | gpu_fp32_active_ratio                            | 0.2            | 0.200000
            PROF_PIPE_FP16_ACTIVE        | gpu_fp16_active_ratio                            | 0.4            | 0.400000
            PROF_PCIE_TX_BYTES           | gpu_pcie_transmit_bytes_per_second               | 104857600      | 104857600
            PROF_PCIE_RX_BYTES           | gpu_pcie_receive_bytes_per_second                | 52428800       | 52428800
            PROF_NVLINK_TX_BYTES         | gpu_nvlink_transmit_bytes_per_second             | 1048576        | 1048576
            PROF_NVLINK_RX_BYTES         | gpu_nvlink_receive_bytes_per_second              | 2097152        | 2097152
            PROF_PIPE_TENSOR_IMMA_ACTIVE | gpu_tensor_pipe_active_ratio imma                | 0.6            | 0.600000
            PROF_PIPE_TENSOR_HMMA_ACTIVE | gpu_tensor_pipe_active_ratio hmma                | 0.7            | 0.700000
            PROF_PIPE_TENSOR_DFMA_ACTIVE | gpu_tensor_pipe_active_ratio dfma                | 0.8            | 0.800000
            PROF_PIPE_INT_ACTIVE         | gpu_integer_active_ratio                         | 0.9            | 0.900000
            """;

    /** What DCGM does not show in this case either. */
    private static final String NOTHING = """
            DEV_COMPUTE_MODE        | gpu_compute_mode                           | 1
            DEV_SHUTDOWN_TEMP       | gpu_temperature_threshold_celsius shutdown | 201
            DEV_VGPU_LICENSE_STATUS | gpu_virtualization_mode                    | 2
            """;

    /** Those that follow from more than one reading, or from several polls: the tests below and DcgmExpositionTest. */
    private static final Set<String> ELSEWHERE = Set.of(
            "CUDA_DRIVER_VERSION",
            "DEV_COUNT",
            "DEV_NVML_INDEX",
            "DEV_PLATFORM_CHASSIS_SLOT_NUMBER",
            "DEV_PLATFORM_TRAY_INDEX",
            "DEV_PLATFORM_HOST_ID",
            "DEV_PLATFORM_PEER_TYPE",
            "DEV_PLATFORM_MODULE_ID",
            "DEV_MINOR_NUMBER",
            "DEV_PCI_COMBINED_ID",
            "DEV_PCI_SUBSYS_ID",
            "DEV_CUDA_COMPUTE_CAPABILITY",
            "DEV_BAR1_FREE",
            "DEV_CLOCKS_EVENT_REASONS",
            "DEV_CLOCK_THROTTLE_REASONS",
            "DEV_XID_ERRORS",
            "DEV_FB_USED_PERCENT",
            "DEV_P2P_NVLINK_STATUS",
            "DEV_NVLINK_COUNT_LINK_RECOVERY_EVENTS",
            "DEV_NVLINK_BANDWIDTH_TOTAL",
            "DEV_NVLINK_TX_BANDWIDTH_TOTAL",
            "DEV_NVLINK_RX_BANDWIDTH_TOTAL");

    private static final String PREFIX = "DCGM_FI_";

    /** Of a series of fields, those between the first and the last; of links all. */
    private static final String FOLLOWING =
            ".*_L1?\\d(_[RT]X_BYTES)?$|.*_(VOL|AGG)_L[12]$|.*HISTORY_([1-9]|1[0-4])$|.*_NV(DEC|JPG)[1-6]_ACTIVE$";

    /** One line of a table. */
    record Row(String field, List<String> reading, double value, String written) {
        static Row of(String line) {
            String[] columns = line.split("\\|");
            return new Row(
                    columns[0].strip(),
                    List.of(columns[1].strip().split(" ")),
                    Double.parseDouble(columns[2]),
                    columns.length > 3 ? columns[3].strip() : "");
        }

        DcgmNode node() {
            String[] labels = reading.subList(1, reading.size()).toArray(String[]::new);
            return DcgmNode.showingAll().read(reading.get(0), value, labels).polled(0);
        }
    }

    static Stream<Row> rows() {
        return FROM_ONE_READING.lines().map(Row::of);
    }

    static Stream<Row> rowsWithNothing() {
        return NOTHING.lines().map(Row::of);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isWrittenAsDcgmWould(Row row) {
        assertThat(row.node().values(PREFIX + row.field())).containsExactly(row.written());
    }

    @ParameterizedTest
    @MethodSource("rowsWithNothing")
    void isAbsentWhereDcgmHasNothing(Row row) {
        assertThat(row.node().lines(PREFIX + row.field())).isEmpty();
    }

    /** Links apart, of which two stand for all. */
    @Test
    void noFieldIsForgotten() {
        Set<String> tested = new HashSet<>(ELSEWHERE);
        rows().forEach(row -> tested.add(row.field()));
        assertThat(DcgmFields.all(DcgmNode.DEFAULTS))
                .filteredOn(field -> field.type() != DcgmField.Type.LABEL)
                .extracting(DcgmField::name)
                .filteredOn(name -> name.startsWith(PREFIX) && !name.matches(FOLLOWING))
                .extracting(name -> name.substring(PREFIX.length()))
                .allSatisfy(name -> assertThat(tested).contains(name));
    }

    @Test
    void standInTheOrderOfTheirNumbers() {
        List<Integer> numbers = new ArrayList<>();
        DcgmFields.all(DcgmNode.DEFAULTS).forEach(field -> numbers.add(field.number()));
        numbers.removeIf(number -> number == 0);
        assertThat(numbers).isSorted();
    }

    @Test
    void eachHasItsOwnNameAndNumber() {
        List<DcgmField> fields = DcgmFields.all(DcgmNode.DEFAULTS);
        assertThat(fields).extracting(DcgmField::name).doesNotHaveDuplicates();
        // One of them has two names: reasons of clock events are also called reasons to throttle.
        assertThat(fields.stream()
                        .map(DcgmField::number)
                        .filter(number -> number != 0 && number != 112)
                        .toList())
                .doesNotHaveDuplicates();
    }

    @Test
    void theDefaultsAreThoseThatDcgmsExporterHasOn() {
        Set<String> shown = DcgmSelection.defaults(DcgmFields.all(DcgmNode.DEFAULTS)).columns().stream()
                .map(column -> column.type().word() + " " + column.field().name())
                .collect(toSet());
        assertThat(shown)
                .containsExactlyInAnyOrder(
                        "gauge DCGM_FI_DEV_SM_CLOCK",
                        "gauge DCGM_FI_DEV_MEM_CLOCK",
                        "gauge DCGM_FI_DEV_MEMORY_TEMP",
                        "gauge DCGM_FI_DEV_GPU_TEMP",
                        "gauge DCGM_FI_DEV_POWER_USAGE",
                        "counter DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION",
                        "counter DCGM_FI_DEV_PCIE_REPLAY_COUNTER",
                        "gauge DCGM_FI_DEV_GPU_UTIL",
                        "gauge DCGM_FI_DEV_MEM_COPY_UTIL",
                        "gauge DCGM_FI_DEV_ENC_UTIL",
                        "gauge DCGM_FI_DEV_DEC_UTIL",
                        "gauge DCGM_FI_DEV_XID_ERRORS",
                        "gauge DCGM_FI_DEV_FB_FREE",
                        "gauge DCGM_FI_DEV_FB_USED",
                        "gauge DCGM_FI_DEV_FB_RESERVED",
                        "counter DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL",
                        "gauge DCGM_FI_DEV_VGPU_LICENSE_STATUS",
                        "counter DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS",
                        "counter DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS",
                        "gauge DCGM_FI_DEV_ROW_REMAP_FAILURE",
                        "gauge DCGM_FI_PROF_GR_ENGINE_ACTIVE",
                        "gauge DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
                        "gauge DCGM_FI_PROF_DRAM_ACTIVE",
                        "gauge DCGM_FI_PROF_PCIE_TX_BYTES",
                        "gauge DCGM_FI_PROF_PCIE_RX_BYTES");
        assertThat(DcgmSelection.defaults(DcgmFields.all(DcgmNode.DEFAULTS)).labels())
                .extracting(DcgmField::name)
                .containsExactly("DCGM_FI_DRIVER_VERSION");
    }

    @Test
    void migModeIsZeroWhereThereIsNone() {
        assertThat(DcgmNode.showingAll().polled(0).values("DCGM_FI_DEV_MIG_MODE"))
                .containsExactly("0");
    }

    @Test
    void countsTheGpus() {
        assertThat(DcgmNode.showingAll().polled(0).values("DCGM_FI_DEV_COUNT")).containsExactly("1");
    }

    /** H100, device 2330, with driver 550 and CUDA 12.4. */
    @ParameterizedTest
    @CsvSource({
        "CUDA_DRIVER_VERSION, 12040",
        "DEV_NVML_INDEX, 0",
        "DEV_MINOR_NUMBER, 3",
        "DEV_PCI_COMBINED_ID, 590352606",
        "DEV_PCI_SUBSYS_ID, 381751518",
        "DEV_CUDA_COMPUTE_CAPABILITY, 589824",
    })
    void whatTheGpuIsInNumbers(String field, String written) {
        assertThat(DcgmNode.showingAll().polled(0).values(PREFIX + field)).containsExactly(written);
    }

    @ParameterizedTest
    @CsvSource({"CHASSIS_SLOT_NUMBER, 11", "TRAY_INDEX, 5", "HOST_ID, 2", "PEER_TYPE, 1", "MODULE_ID, 3"})
    void whereInItsRackTheGpuIs(String field, String written) {
        DcgmNode node = DcgmNode.showingAll()
                .read("gpu_platform_info", 1, "1820124000001", "11", "5", "2", "1", "3")
                .polled(0);
        assertThat(node.values(PREFIX + "DEV_PLATFORM_" + field)).containsExactly(written);
        DcgmNode elsewhere = DcgmNode.showingAll()
                .read("gpu_platform_info", 1, "1820124000001", "255", "255", "255", "255", "255")
                .polled(0);
        assertThat(elsewhere.lines(PREFIX + "DEV_PLATFORM_" + field)).isEmpty();
    }

    @Test
    void whatTheGpuIsInWords() {
        List<DcgmField> labels = DcgmFields.all(DcgmNode.DEFAULTS).stream()
                .filter(field -> field.type() == DcgmField.Type.LABEL)
                .toList();
        DcgmSelection all = DcgmSelection.of(DcgmFields.all(DcgmNode.DEFAULTS));
        String line = DcgmNode.showing(new DcgmSelection(all.columns(), labels))
                .polled(0)
                .lines("DCGM_FI_DEV_COUNT")
                .get(0);
        assertThat(line)
                .contains("DCGM_FI_DEV_BRAND=\"NVIDIA\",DCGM_FI_DEV_ECC_INFOROM_VER=\"7.16\","
                        + "DCGM_FI_DEV_INFOROM_IMAGE_VER=\"G520.0200.00.05\","
                        + "DCGM_FI_DEV_NAME=\"NVIDIA H100 80GB HBM3\",DCGM_FI_DEV_OEM_INFOROM_VER=\"2.1\","
                        + "DCGM_FI_DEV_PCI_BUSID=\"00000000:8D:00.0\",DCGM_FI_DEV_POWER_INFOROM_VER=\"1.0\","
                        + "DCGM_FI_DEV_SERIAL=\"1652823054567\","
                        + "DCGM_FI_DEV_UUID=\"GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70\","
                        + "DCGM_FI_DEV_VBIOS_VERSION=\"96.00.74.00.01\",DCGM_FI_DRIVER_VERSION=\"550.144.03\","
                        + "DCGM_FI_NVML_VERSION=\"12.550.144.03\"}");
    }

    /** Each GPU instance has its own, of which its first compute instance tells. */
    @Test
    void aGpuInstanceHasAWindowOfItsOwn() {
        MigPart part = new MigPart(0, "MIG-a", "3g.40gb", 2, 0);
        DcgmNode node = DcgmNode.showingAll()
                .cutInto(part)
                .read("gpu_bar1_memory_total_bytes", 137438953472.0)
                .read("gpu_bar1_memory_used_bytes", 3145728)
                .read(part, "gpu_mig_bar1_memory_total_bytes", 68718428160.0)
                .read(part, "gpu_mig_bar1_memory_used_bytes", 2097152)
                .read(part, "gpu_mig_memory_reserved_bytes", 1048576)
                .polled(0);
        assertThat(node.values("DCGM_FI_DEV_BAR1_TOTAL")).containsExactly("65535");
        assertThat(node.values("DCGM_FI_DEV_BAR1_USED")).containsExactly("2");
        assertThat(node.values("DCGM_FI_DEV_BAR1_FREE")).containsExactly("65533");
        assertThat(node.values("DCGM_FI_DEV_FB_RESERVED")).containsExactly("1");
    }

    /** The label UUID beside them is the GPU's. */
    @Test
    void aGpuInstanceIsCalledByItsProfile() {
        List<DcgmField> labels = DcgmFields.all(DcgmNode.DEFAULTS).stream()
                .filter(field -> Set.of("DCGM_FI_DEV_NAME", "DCGM_FI_DEV_UUID").contains(field.name()))
                .toList();
        DcgmSelection all = DcgmSelection.of(DcgmFields.all(DcgmNode.DEFAULTS));
        assertThat(DcgmNode.showing(new DcgmSelection(all.columns(), labels))
                        .cutInto(new MigPart(0, "MIG-a", "1c.3g.40gb", 2, 0))
                        .polled(0)
                        .lines("DCGM_FI_DEV_COUNT"))
                .singleElement()
                .asString()
                .contains("UUID=\"GPU-8b2281de", "DCGM_FI_DEV_NAME=\"3g.40gb\",DCGM_FI_DEV_UUID=\"MIG-a\"");
    }

    @Test
    void whatIsFreeOfBar1IsWhatIsNotUsed() {
        DcgmNode node = DcgmNode.showingAll()
                .read("gpu_bar1_memory_total_bytes", 134217728)
                .read("gpu_bar1_memory_used_bytes", 1048577)
                .polled(0);
        assertThat(node.values("DCGM_FI_DEV_BAR1_FREE")).containsExactly("126");
    }

    /** 60 of 80, of which 5 are reserved. */
    @Test
    void whatIsUsedIsAShareOfWhatIsNotReserved() {
        DcgmNode node = DcgmNode.showingAll()
                .read("gpu_memory_used_bytes", 60)
                .read("gpu_memory_free_bytes", 15)
                .read("gpu_memory_reserved_bytes", 5)
                .polled(0);
        assertThat(node.values("DCGM_FI_DEV_FB_USED_PERCENT")).containsExactly("0.800000");
    }

    /** Power cap 0x4, hardware slowdown 0x8, power brake 0x80. */
    @Test
    void reasonsAreTheDriversBitMask() {
        DcgmNode node = DcgmNode.showingAll();
        Arrays.asList("sw_power_cap", "hw_slowdown", "hw_power_brake_slowdown")
                .forEach(reason -> node.read("gpu_clock_event_active", 1, reason));
        Arrays.asList("gpu_idle", "sync_boost", "hw_thermal_slowdown")
                .forEach(reason -> node.read("gpu_clock_event_active", 0, reason));
        node.polled(0);
        assertThat(node.values("DCGM_FI_DEV_CLOCKS_EVENT_REASONS")).containsExactly("140");
        assertThat(node.values("DCGM_FI_DEV_CLOCK_THROTTLE_REASONS")).containsExactly("140");
    }

    @Test
    void heatIsBothOfItsKindsWhereTheDriverTellsThemApart() {
        DcgmNode node = DcgmNode.showingAll()
                .read("gpu_clock_event_seconds_total", 1.5, "sw_thermal_slowdown")
                .read("gpu_clock_event_seconds_total", 0.25, "hw_thermal_slowdown")
                .polled(0);
        assertThat(node.values("DCGM_FI_DEV_THERMAL_VIOLATION")).containsExactly("1750000000");
    }

    /** 3 is joined, 4 failed: with NVML's code of a timeout. */
    @Test
    void theFabricIsJoinedWhereItsCodeIsSuccess() {
        DcgmNode node = DcgmNode.showingAll()
                .read("gpu_fabric_state", 3)
                .read("gpu_fabric_status", 0)
                .polled(0);
        assertThat(node.values("DCGM_FI_DEV_FABRIC_MANAGER_STATUS")).containsExactly("3");
        node.read("gpu_fabric_state", 3).read("gpu_fabric_status", 10).polled(5);
        assertThat(node.values("DCGM_FI_DEV_FABRIC_MANAGER_STATUS")).containsExactly("4");
    }

    @Test
    void theClustersUuidIsALabel() {
        List<DcgmField> fields = DcgmFields.all(DcgmNode.DEFAULTS).stream()
                .filter(field -> field.name().matches("DCGM_FI_DEV_(FABRIC_CLUSTER_UUID|GPU_TEMP)"))
                .toList();
        DcgmNode node = DcgmNode.showing(DcgmSelection.of(fields))
                .read("gpu_temperature_celsius", 40, "gpu")
                .read("gpu_fabric_info", 1, "ba11ad00-0000-4000-8000-000000000000", "7")
                .polled(0);
        assertThat(node.lines("DCGM_FI_DEV_GPU_TEMP"))
                .singleElement()
                .asString()
                .contains("DCGM_FI_DEV_FABRIC_CLUSTER_UUID=\"ba11ad00-0000-4000-8000-000000000000\"");
    }

    /** NVLink 5 says how recoveries ended, and DCGM how many there were. */
    @Test
    void recoveriesAreThoseThatEndedWellAndOthers() {
        DcgmNode node = DcgmNode.showingAll()
                .read("gpu_nvlink_errors_total", 3, "0", "recovery_successful")
                .read("gpu_nvlink_errors_total", 4, "0", "recovery_failed")
                .read("gpu_nvlink_errors_total", 5, "1", "recovery_failed")
                .polled(0);
        assertThat(node.values("DCGM_FI_DEV_NVLINK_COUNT_LINK_RECOVERY_EVENTS")).containsExactly("12");
    }

    @Test
    void theWorstLinkSpeaksForAll() {
        DcgmNode node = DcgmNode.showingAll()
                .read("gpu_nvlink_symbol_error_ratio", 1.5e-254, "0")
                .read("gpu_nvlink_symbol_error_ratio", 2e-10, "1")
                .polled(0);
        assertThat(node.values("DCGM_FI_DEV_NVLINK_COUNT_SYMBOL_BER_FLOAT")).containsExactly("2.0E-10");
        assertThat(node.values("DCGM_FI_DEV_NVLINK_COUNT_SYMBOL_BER")).containsExactly("522");
    }

    /** The words are DCGM's exporter's. */
    @Test
    void eachPeerHasASeries() {
        List<String> words = List.of(
                "OK",
                "ChipsetNotSupported",
                "GPUNotSupported",
                "TopologyNotSupported",
                "DisabledByRegKey",
                "NotSupported",
                "Unknown");
        DcgmNode node = DcgmNode.showingAll();
        for (int status = 0; status < words.size(); status++) {
            node.read("gpu_nvlink_p2p_status", status, Integer.toString(status + 1), "GPU-" + status);
        }
        node.read("gpu_nvlink_p2p_status", 0xffffffffL, "9", "GPU-9"); // a driver from days to come
        node.read("gpu_nvlink_p2p_status", 0, "8", "GPU-8").polled(0);
        assertThat(node.lines("DCGM_EXP_P2P_STATUS"))
                .filteredOn(line -> line.contains("link_status=\"Unknown\",peer_gpu=\"9\""))
                .hasSize(1);
        for (int status = 0; status < words.size(); status++) {
            String labels = "link_status=\"%s\",peer_gpu=\"%d\"".formatted(words.get(status), status + 1);
            assertThat(node.lines("DCGM_EXP_P2P_STATUS"))
                    .filteredOn(line -> line.contains(labels))
                    .singleElement()
                    .asString()
                    .endsWith("} " + status);
        }
        assertThat(node.values("DCGM_FI_DEV_P2P_NVLINK_STATUS")).containsExactly("258"); // 2 and 256
    }

    @Test
    void aListSaysWhatHasToBeReadForIt() {
        assertThat(DcgmSelection.defaults(DcgmFields.all(DcgmNode.DEFAULTS)).needs())
                .isEmpty();
        assertThat(DcgmSelection.of(DcgmFields.all(DcgmNode.DEFAULTS)).needs())
                .containsExactlyInAnyOrder("engines", "link-details", "p2p");
    }

    @Test
    void errorsOfAllLinksAddUp() {
        DcgmNode node = DcgmNode.showingAll()
                .read("gpu_nvlink_errors_total", 3, "0", "replay")
                .read("gpu_nvlink_errors_total", 4, "1", "replay")
                .polled(0);
        assertThat(node.values("DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL")).containsExactly("7");
        assertThat(node.values("DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_L1")).containsExactly("4");
        assertThat(node.lines("DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_L2")).isEmpty();
    }
}
