package dev.gpuexporter.exposition.dcgm;

import static dev.gpuexporter.exposition.dcgm.HealthWatch.Finding.PASSED;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The areas in which DCGM watches over a GPU's health, as near as what is read comes to it. Those that NVML tells nothing
 * of (PMU, MCU, SM, INFOROM) are not among them: nobody looked, so nothing passed.
 */
enum HealthWatch {
    PCIE {
        @Override
        Optional<Finding> look(DcgmEntity gpu) {
            return where(
                    gpu.value("gpu_pcie_replays_total").isPresent(),
                    gpu.recent().replays() > MOST_REPLAYS ? Finding.warning("DCGM_FR_PCI_REPLAY_RATE") : PASSED);
        }
    },
    NVLINK {
        @Override
        Optional<Finding> look(DcgmEntity gpu) {
            boolean down = gpu.all("gpu_nvlink_up").stream().anyMatch(link -> link.value() == 0);
            return where(
                    !gpu.all("gpu_nvlink_up").isEmpty(),
                    down ? Finding.failure("DCGM_FR_NVLINK_DOWN") : PASSED,
                    gpu.recent().linkErrors() > 0 ? Finding.warning("DCGM_FR_NVLINK_ERROR_THRESHOLD") : PASSED);
        }
    },
    MEM {
        @Override
        Optional<Finding> look(DcgmEntity gpu) {
            OptionalDouble errors = gpu.value("gpu_ecc_volatile_errors_total", "uncorrected");
            OptionalDouble failed = gpu.value("gpu_row_remap_failed");
            OptionalDouble pending = gpu.value("gpu_row_remap_pending");
            OptionalDouble pages = gpu.value("gpu_retired_pages_pending");
            return where(
                    Stream.of(errors, failed, pending, pages).anyMatch(OptionalDouble::isPresent),
                    errors.orElse(0) > 0 ? Finding.failure("DCGM_FR_VOLATILE_DBE_DETECTED") : PASSED,
                    failed.orElse(0) > 0 ? Finding.failure("DCGM_FR_ROW_REMAP_FAILURE") : PASSED,
                    pending.orElse(0) > 0 ? Finding.warning("DCGM_FR_PENDING_ROW_REMAP") : PASSED,
                    pages.orElse(0) > 0 ? Finding.warning("DCGM_FR_PENDING_PAGE_RETIREMENTS") : PASSED);
        }
    },
    THERMAL {
        @Override
        Optional<Finding> look(DcgmEntity gpu) {
            OptionalDouble software = gpu.value("gpu_clock_event_active", "sw_thermal_slowdown");
            OptionalDouble hardware = gpu.value("gpu_clock_event_active", "hw_thermal_slowdown");
            boolean slowed = software.orElse(0) == 1 || hardware.orElse(0) == 1;
            return where(
                    software.isPresent() || hardware.isPresent(),
                    slowed ? Finding.warning("DCGM_FR_CLOCKS_EVENT_THERMAL") : PASSED);
        }
    },
    POWER {
        @Override
        Optional<Finding> look(DcgmEntity gpu) {
            OptionalDouble brake = gpu.value("gpu_clock_event_active", "hw_power_brake_slowdown");
            return where(
                    brake.isPresent(), brake.orElse(0) == 1 ? Finding.warning("DCGM_FR_CLOCKS_EVENT_POWER") : PASSED);
        }
    },
    /** Whether the GPU answers; where it does not, nothing else is known of it. */
    DRIVER {
        @Override
        Optional<Finding> look(DcgmEntity gpu) {
            return Optional.of(gpu.isUp() ? PASSED : Finding.failure("DCGM_FR_NVML_API"));
        }
    };

    /** In a minute. */
    private static final long MOST_REPLAYS = 8;

    /** Empty where nothing tells of the area. */
    abstract Optional<Finding> look(DcgmEntity gpu);

    private static Optional<Finding> where(boolean known, Finding... findings) {
        return known ? Optional.of(worst(List.of(findings))) : Optional.empty();
    }

    /** The first of the worst. */
    static Finding worst(List<Finding> findings) {
        return findings.stream()
                .sorted(Comparator.comparingInt(Finding::status).reversed())
                .findFirst()
                .orElse(PASSED);
    }

    /**
     * What was seen.
     *
     * @param status 0 passed, 10 a warning, 20 a failure
     * @param code DCGM's name of it
     */
    record Finding(int status, String code) {
        static final Finding PASSED = new Finding(0, "DCGM_FR_OK");

        static Finding warning(String code) {
            return new Finding(10, code);
        }

        static Finding failure(String code) {
            return new Finding(20, code);
        }
    }
}
