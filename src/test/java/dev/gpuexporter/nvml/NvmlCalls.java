package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlCall.*;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.NvmlCall.Answer;
import dev.gpuexporter.nvml.NvmlStructs.Bar1Memory;
import dev.gpuexporter.nvml.NvmlStructs.C2cModeInfo;
import dev.gpuexporter.nvml.NvmlStructs.EccSramErrorStatus;
import dev.gpuexporter.nvml.NvmlStructs.FieldValue;
import dev.gpuexporter.nvml.NvmlStructs.MarginTemperature;
import dev.gpuexporter.nvml.NvmlStructs.MemoryV1;
import dev.gpuexporter.nvml.NvmlStructs.MemoryV2;
import dev.gpuexporter.nvml.NvmlStructs.PciInfo;
import dev.gpuexporter.nvml.NvmlStructs.PlatformInfo;
import dev.gpuexporter.nvml.NvmlStructs.RowRemapperHistogram;
import dev.gpuexporter.nvml.NvmlStructs.Sample;
import dev.gpuexporter.nvml.NvmlStructs.Temperature;
import dev.gpuexporter.nvml.NvmlStructs.Utilization;
import dev.gpuexporter.nvml.NvmlStructs.VgpuLicenseInfo;
import dev.gpuexporter.nvml.NvmlStructs.VgpuUtilizationSample;
import dev.gpuexporter.nvml.NvmlStructs.ViolationTime;
import dev.gpuexporter.nvml.Struct.Member;
import java.util.List;
import java.util.stream.Stream;

/** Every function of {@link NvmlLibrary}, with the numbers that src/test/c/nvml.c answers: a second set of books. */
final class NvmlCalls {
    private final NvmlLibrary nvml;

    NvmlCalls(NvmlLibrary nvml) {
        this.nvml = nvml;
    }

    /** Calls that need no GPU; {@code nvmlInit_v2} and {@code nvmlShutdown} leave things as they were. */
    List<NvmlCall> ofTheSystem() {
        return Stream.of(systemChapter(), new NvmlGpmCalls(nvml).ofTheSystem())
                .flatMap(List::stream)
                .toList();
    }

    private List<NvmlCall> systemChapter() {
        return List.of(
                call("nvmlInit_v2", (device, out) -> nvml.nvmlInit_v2()),
                call("nvmlShutdown", (device, out) -> nvml.nvmlShutdown()),
                call(
                        "nvmlSystemGetDriverVersion",
                        (device, out) -> nvml.nvmlSystemGetDriverVersion(out, NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE),
                        same(chars("version"), "610.43.02")),
                call(
                        "nvmlSystemGetNVMLVersion",
                        (device, out) -> nvml.nvmlSystemGetNVMLVersion(out, NVML_SYSTEM_NVML_VERSION_BUFFER_SIZE),
                        same(chars("version"), "13.610.43.02")),
                call(
                        "nvmlSystemGetCudaDriverVersion_v2",
                        (device, out) -> nvml.nvmlSystemGetCudaDriverVersion_v2(out),
                        same(u32("cudaDriverVersion", 0), 13030)),
                call(
                        "nvmlDeviceGetCount_v2",
                        (device, out) -> nvml.nvmlDeviceGetCount_v2(out),
                        same(u32("deviceCount", 0), 2)),
                call("nvmlEventSetCreate", (device, out) -> nvml.nvmlEventSetCreate(out)),
                // That the handles are the right ones is seen by what the GPUs answer.
                call("nvmlDeviceGetHandleByIndex_v2", (device, out) -> nvml.nvmlDeviceGetHandleByIndex_v2(0, out)),
                // A virtual GPU's number is handed over as it is, no GPU comes before it.
                call(
                        "nvmlVgpuInstanceGetUUID",
                        (device, out) -> nvml.nvmlVgpuInstanceGetUUID(700, out, NVML_DEVICE_UUID_BUFFER_SIZE),
                        same(chars("uuid"), "vgpu-700")),
                call(
                        "nvmlVgpuInstanceGetFbUsage",
                        (device, out) -> nvml.nvmlVgpuInstanceGetFbUsage(800, out),
                        same(u64("fbUsage"), 6_000_000_800L)),
                call(
                        "nvmlVgpuInstanceGetLicenseInfo_v2",
                        (device, out) -> nvml.nvmlVgpuInstanceGetLicenseInfo_v2(700, out),
                        same(VgpuLicenseInfo.IS_LICENSED, 1),
                        // Its year and month are numbers that read as text.
                        same(VgpuLicenseInfo.LICENSE_EXPIRY, "130201"),
                        same(VgpuLicenseInfo.CURRENT_STATE, 5)));
    }

    List<NvmlCall> ofADevice() {
        return Stream.of(
                        ofADeviceAlone(),
                        new NvLinkCalls(nvml).all(),
                        new NvmlMigCalls(nvml).all(),
                        new NvmlGpmCalls(nvml).ofADevice())
                .flatMap(List::stream)
                .toList();
    }

    private List<NvmlCall> ofADeviceAlone() {
        return List.of(
                text(
                        "nvmlDeviceGetUUID",
                        nvml::nvmlDeviceGetUUID,
                        NVML_DEVICE_UUID_V2_BUFFER_SIZE,
                        "GPU-c0de0000-0000-4000-8000-00000000000"),
                text(
                        "nvmlDeviceGetName",
                        nvml::nvmlDeviceGetName,
                        NVML_DEVICE_NAME_V2_BUFFER_SIZE,
                        "Compiled GPU, name "),
                text("nvmlDeviceGetSerial", nvml::nvmlDeviceGetSerial, NVML_DEVICE_SERIAL_BUFFER_SIZE, "serial "),
                text(
                        "nvmlDeviceGetVbiosVersion",
                        nvml::nvmlDeviceGetVbiosVersion,
                        NVML_DEVICE_VBIOS_VERSION_BUFFER_SIZE,
                        "vbios "),
                text(
                        "nvmlDeviceGetInforomImageVersion",
                        nvml::nvmlDeviceGetInforomImageVersion,
                        NVML_DEVICE_INFOROM_VERSION_BUFFER_SIZE,
                        "inforom "),
                text(
                        "nvmlDeviceGetInforomVersion",
                        (device, out, length) ->
                                nvml.nvmlDeviceGetInforomVersion(device, NVML_INFOROM_POWER, out, length),
                        NVML_DEVICE_INFOROM_VERSION_BUFFER_SIZE,
                        "object 2."),
                number("nvmlDeviceGetMinorNumber", nvml::nvmlDeviceGetMinorNumber, 40),
                number("nvmlDeviceGetBrand", nvml::nvmlDeviceGetBrand, 14),
                number("nvmlDeviceGetArchitecture", nvml::nvmlDeviceGetArchitecture, 9),
                call(
                        "nvmlDeviceGetPciInfo_v3",
                        nvml::nvmlDeviceGetPciInfo_v3,
                        new Answer(PciInfo.BUS_ID_LEGACY, "ABCD:3A:1E.0", "ABCD:3B:1E.0"),
                        same(PciInfo.DOMAIN, 0xabcd),
                        next(PciInfo.BUS, 0x3a),
                        same(PciInfo.DEVICE, 0x1e),
                        next(PciInfo.PCI_DEVICE_ID, 0x233510de),
                        next(PciInfo.PCI_SUB_SYSTEM_ID, 0x18be10de),
                        new Answer(PciInfo.BUS_ID, "0000ABCD:3A:1E.0", "0000ABCD:3B:1E.0")),
                numbers("nvmlDeviceGetCudaComputeCapability", nvml::nvmlDeviceGetCudaComputeCapability, 9, 21),
                states("nvmlDeviceGetMigMode", nvml::nvmlDeviceGetMigMode, 0, 1),
                call(
                        "nvmlDeviceGetUtilizationRates",
                        nvml::nvmlDeviceGetUtilizationRates,
                        next(Utilization.GPU, 41),
                        next(Utilization.MEMORY, 23)),
                numbers("nvmlDeviceGetEncoderUtilization", nvml::nvmlDeviceGetEncoderUtilization, 51, 100_051),
                numbers("nvmlDeviceGetDecoderUtilization", nvml::nvmlDeviceGetDecoderUtilization, 61, 100_061),
                numbers("nvmlDeviceGetJpgUtilization", nvml::nvmlDeviceGetJpgUtilization, 71, 100_071),
                numbers("nvmlDeviceGetOfaUtilization", nvml::nvmlDeviceGetOfaUtilization, 81, 100_081),
                number("nvmlDeviceGetPerformanceState", nvml::nvmlDeviceGetPerformanceState, 2),
                call(
                        "nvmlDeviceGetMemoryInfo",
                        nvml::nvmlDeviceGetMemoryInfo,
                        next(MemoryV1.TOTAL, 81_000_000_100L),
                        next(MemoryV1.FREE, 60_000_000_200L),
                        next(MemoryV1.USED, 21_000_000_300L)),
                versioned(
                        "nvmlDeviceGetMemoryInfo_v2",
                        nvml::nvmlDeviceGetMemoryInfo_v2,
                        out -> MemoryV2.VERSION.set(out, 0x02000028),
                        same(MemoryV2.VERSION, 0x02000028),
                        next(MemoryV2.TOTAL, 81_000_000_400L),
                        next(MemoryV2.RESERVED, 5_000_000_500L),
                        next(MemoryV2.FREE, 60_000_000_600L),
                        next(MemoryV2.USED, 16_000_000_700L)),
                call(
                        "nvmlDeviceGetBAR1MemoryInfo",
                        nvml::nvmlDeviceGetBAR1MemoryInfo,
                        next(Bar1Memory.TOTAL, 131_000_000_100L),
                        next(Bar1Memory.FREE, 125_000_000_200L),
                        next(Bar1Memory.USED, 6_000_000_300L)),
                number(
                        "nvmlDeviceGetTemperature",
                        (device, out) -> nvml.nvmlDeviceGetTemperature(device, NVML_TEMPERATURE_GPU, out),
                        61),
                versioned(
                        "nvmlDeviceGetTemperatureV",
                        nvml::nvmlDeviceGetTemperatureV,
                        out -> {
                            Temperature.VERSION.set(out, 0x0100000c);
                            Temperature.SENSOR_TYPE.set(out, 77);
                        },
                        same(Temperature.VERSION, 0x0100000c),
                        same(Temperature.SENSOR_TYPE, 77),
                        next(Temperature.TEMPERATURE, 51)),
                number(
                        "nvmlDeviceGetTemperatureThreshold",
                        (device, out) ->
                                nvml.nvmlDeviceGetTemperatureThreshold(device, NVML_TEMPERATURE_THRESHOLD_GPU_MAX, out),
                        120),
                versioned(
                        "nvmlDeviceGetMarginTemperature",
                        nvml::nvmlDeviceGetMarginTemperature,
                        out -> MarginTemperature.VERSION.set(out, 0x01000008),
                        same(MarginTemperature.VERSION, 0x01000008),
                        next(MarginTemperature.MARGIN_TEMPERATURE, -7)),
                call("nvmlDeviceGetNumFans", nvml::nvmlDeviceGetNumFans, same(u32("numFans", 0), 2)),
                number("nvmlDeviceGetFanSpeed_v2", (device, out) -> nvml.nvmlDeviceGetFanSpeed_v2(device, 1, out), 40),
                number("nvmlDeviceGetPowerUsage", nvml::nvmlDeviceGetPowerUsage, 251_000),
                number("nvmlDeviceGetPowerManagementLimit", nvml::nvmlDeviceGetPowerManagementLimit, 601_000),
                number(
                        "nvmlDeviceGetPowerManagementDefaultLimit",
                        nvml::nvmlDeviceGetPowerManagementDefaultLimit,
                        602_000),
                numbers(
                        "nvmlDeviceGetPowerManagementLimitConstraints",
                        nvml::nvmlDeviceGetPowerManagementLimitConstraints,
                        101_000,
                        701_000),
                number("nvmlDeviceGetEnforcedPowerLimit", nvml::nvmlDeviceGetEnforcedPowerLimit, 603_000),
                call(
                        "nvmlDeviceGetTotalEnergyConsumption",
                        nvml::nvmlDeviceGetTotalEnergyConsumption,
                        next(u64("energy"), 345_600_000_100L)),
                number(
                        "nvmlDeviceGetClockInfo",
                        (device, out) -> nvml.nvmlDeviceGetClockInfo(device, NVML_CLOCK_VIDEO, out),
                        1300),
                number(
                        "nvmlDeviceGetMaxClockInfo",
                        (device, out) -> nvml.nvmlDeviceGetMaxClockInfo(device, NVML_CLOCK_MEM, out),
                        2200),
                number(
                        "nvmlDeviceGetApplicationsClock",
                        (device, out) -> nvml.nvmlDeviceGetApplicationsClock(device, NVML_CLOCK_MEM, out),
                        3200),
                call(
                        "nvmlDeviceGetCurrentClocksEventReasons",
                        nvml::nvmlDeviceGetCurrentClocksEventReasons,
                        same(u64("clocksEventReasons"), 0x1_0000_0004L)),
                call(
                        "nvmlDeviceGetCurrentClocksThrottleReasons",
                        nvml::nvmlDeviceGetCurrentClocksThrottleReasons,
                        same(u64("clocksThrottleReasons"), 0x1_0000_0020L)),
                call(
                        "nvmlDeviceGetSupportedClocksEventReasons",
                        nvml::nvmlDeviceGetSupportedClocksEventReasons,
                        same(u64("supportedClocksEventReasons"), 0x1_0000_01efL)),
                call(
                        "nvmlDeviceGetSupportedClocksThrottleReasons",
                        nvml::nvmlDeviceGetSupportedClocksThrottleReasons,
                        same(u64("supportedClocksThrottleReasons"), 0x1_0000_01ffL)),
                call(
                        "nvmlDeviceGetViolationStatus",
                        (device, out) -> nvml.nvmlDeviceGetViolationStatus(device, NVML_PERF_POLICY_THERMAL, out),
                        next(ViolationTime.REFERENCE_TIME, 7_000_000_001_000L),
                        next(ViolationTime.VIOLATION_TIME, 5_000_000_001_000L)),
                states("nvmlDeviceGetEccMode", nvml::nvmlDeviceGetEccMode, 1, 0),
                call(
                        "nvmlDeviceGetTotalEccErrors",
                        (device, out) -> nvml.nvmlDeviceGetTotalEccErrors(
                                device, NVML_MEMORY_ERROR_TYPE_UNCORRECTED, NVML_VOLATILE_ECC, out),
                        next(u64("eccCounts"), 6_000_001_000L)),
                call(
                        "nvmlDeviceGetMemoryErrorCounter",
                        (device, out) -> nvml.nvmlDeviceGetMemoryErrorCounter(
                                device,
                                NVML_MEMORY_ERROR_TYPE_CORRECTED,
                                NVML_AGGREGATE_ECC,
                                NVML_MEMORY_LOCATION_SRAM,
                                out),
                        next(u64("count"), 7_000_000_170L)),
                call(
                        "nvmlDeviceGetRemappedRows",
                        (device, out) ->
                                nvml.nvmlDeviceGetRemappedRows(device, out, out.share(4), out.share(8), out.share(12)),
                        next(u32("corrRows", 0), 31),
                        next(u32("uncRows", 4), 41),
                        same(u32("isPending", 8), 1),
                        same(u32("failureOccurred", 12), 0)),
                call(
                        "nvmlDeviceGetRowRemapperHistogram",
                        nvml::nvmlDeviceGetRowRemapperHistogram,
                        next(RowRemapperHistogram.MAX, 2501),
                        next(RowRemapperHistogram.HIGH, 51),
                        next(RowRemapperHistogram.PARTIAL, 41),
                        next(RowRemapperHistogram.LOW, 31),
                        next(RowRemapperHistogram.NONE, 21)),
                versioned(
                        "nvmlDeviceGetSramEccErrorStatus",
                        nvml::nvmlDeviceGetSramEccErrorStatus,
                        out -> EccSramErrorStatus.VERSION.set(out, 0x01000068),
                        same(EccSramErrorStatus.VERSION, 0x01000068),
                        next(EccSramErrorStatus.AGGREGATE_UNC_PARITY, 5_000_000_100L),
                        next(EccSramErrorStatus.AGGREGATE_UNC_SEC_DED, 5_000_000_200L),
                        next(EccSramErrorStatus.AGGREGATE_COR, 5_000_000_300L),
                        next(EccSramErrorStatus.VOLATILE_UNC_PARITY, 5_000_000_400L),
                        next(EccSramErrorStatus.VOLATILE_UNC_SEC_DED, 5_000_000_500L),
                        next(EccSramErrorStatus.VOLATILE_COR, 5_000_000_600L),
                        next(EccSramErrorStatus.AGGREGATE_UNC_BUCKET_L2, 5_000_000_700L),
                        next(EccSramErrorStatus.AGGREGATE_UNC_BUCKET_SM, 5_000_000_800L),
                        next(EccSramErrorStatus.AGGREGATE_UNC_BUCKET_PCIE, 5_000_000_900L),
                        next(EccSramErrorStatus.AGGREGATE_UNC_BUCKET_MCU, 5_000_001_000L),
                        next(EccSramErrorStatus.AGGREGATE_UNC_BUCKET_OTHER, 5_000_001_100L),
                        same(EccSramErrorStatus.THRESHOLD_EXCEEDED, 1),
                        same(new Member("padding", 100, 4), 0)),
                text(
                        "nvmlDeviceGetBoardPartNumber",
                        nvml::nvmlDeviceGetBoardPartNumber,
                        NVML_DEVICE_PART_NUMBER_BUFFER_SIZE,
                        "part "),
                call("nvmlDeviceGetPersistenceMode", nvml::nvmlDeviceGetPersistenceMode, same(u32("mode", 0), 1)),
                number("nvmlDeviceGetComputeMode", nvml::nvmlDeviceGetComputeMode, 2),
                call("nvmlDeviceGetC2cModeInfoV", nvml::nvmlDeviceGetC2cModeInfoV, same(C2cModeInfo.IS_C2C_ENABLED, 1)),
                versioned(
                        "nvmlDeviceGetPlatformInfo",
                        nvml::nvmlDeviceGetPlatformInfo,
                        out -> PlatformInfo.VERSION.set(out, 0x0200002c),
                        same(PlatformInfo.VERSION, 0x0200002c),
                        same(PlatformInfo.IB_GUID, "guid"),
                        new Answer(PlatformInfo.CHASSIS_SERIAL_NUMBER, "chassis 0", "chassis 1"),
                        next(PlatformInfo.SLOT_NUMBER, 11),
                        next(PlatformInfo.TRAY_INDEX, 21),
                        next(PlatformInfo.HOST_ID, 31),
                        next(PlatformInfo.PEER_TYPE, 41),
                        next(PlatformInfo.MODULE_ID, 251),
                        same(new Member("padding", 43, 1), 0)),
                number("nvmlDeviceGetVirtualizationMode", nvml::nvmlDeviceGetVirtualizationMode, 3),
                new NvmlCall(
                        "nvmlDeviceGetActiveVgpus",
                        (device, out) -> nvml.nvmlDeviceGetActiveVgpus(device, out, out.share(4)),
                        out -> out.setInt(0, 64),
                        List.of(
                                same(u32("vgpuCount", 0), 2),
                                next(u32("vgpuInstances[0]", 4), 700),
                                next(u32("vgpuInstances[1]", 8), 800))),
                new NvmlCall(
                        "nvmlDeviceGetVgpuUtilization",
                        (device, out) ->
                                nvml.nvmlDeviceGetVgpuUtilization(device, 5, out.share(96), out.share(100), out),
                        out -> out.setInt(100, 64),
                        List.of(
                                next(VgpuUtilizationSample.VGPU_INSTANCE, 700),
                                same(VgpuUtilizationSample.TIME_STAMP, 1_700_000_000_000_007L),
                                // The unions' other bytes are rubbish.
                                next(VgpuUtilizationSample.SM_UTIL, 0xeeee_eeee_0000_0000L + 11),
                                next(VgpuUtilizationSample.MEM_UTIL, 0xeeee_eeee_0000_0000L + 21),
                                next(VgpuUtilizationSample.ENC_UTIL, 0xeeee_eeee_0000_0000L + 31),
                                next(VgpuUtilizationSample.DEC_UTIL, 0xeeee_eeee_0000_0000L + 41),
                                next(u32("vgpuInstance", 48), 800),
                                next(u32("smUtil", 64), 51),
                                same(u32("sampleValType", 96), NVML_VALUE_TYPE_UNSIGNED_INT),
                                same(u32("vgpuInstanceSamplesCount", 100), 2))),
                new NvmlCall(
                        "nvmlDeviceGetSamples",
                        (device, out) -> nvml.nvmlDeviceGetSamples(
                                device, NVML_TOTAL_POWER_SAMPLES, 0, out.share(40), out.share(44), out),
                        out -> out.setInt(44, 3),
                        List.of(
                                same(Sample.TIME_STAMP, 1_700_000_000_000_000L),
                                // The union's other bytes are rubbish.
                                next(Sample.SAMPLE_VALUE, 0xeeee_eeee_0000_0000L + 261_000),
                                same(new Member("timeStamp", 16, 8), 1_700_000_001_000_000L),
                                next(new Member("sampleValue", 24, 4), 261_010L),
                                same(u32("sampleValType", 40), NVML_VALUE_TYPE_UNSIGNED_INT),
                                same(u32("sampleCount", 44), 2))),
                number("nvmlDeviceGetCurrPcieLinkGeneration", nvml::nvmlDeviceGetCurrPcieLinkGeneration, 4),
                number("nvmlDeviceGetMaxPcieLinkGeneration", nvml::nvmlDeviceGetMaxPcieLinkGeneration, 5),
                number("nvmlDeviceGetCurrPcieLinkWidth", nvml::nvmlDeviceGetCurrPcieLinkWidth, 8),
                number("nvmlDeviceGetMaxPcieLinkWidth", nvml::nvmlDeviceGetMaxPcieLinkWidth, 16),
                number("nvmlDeviceGetPcieReplayCounter", nvml::nvmlDeviceGetPcieReplayCounter, 9001),
                number(
                        "nvmlDeviceGetPcieThroughput",
                        (device, out) -> nvml.nvmlDeviceGetPcieThroughput(device, NVML_PCIE_UTIL_RX_BYTES, out),
                        401_000),
                new NvmlCall(
                        "nvmlDeviceGetFieldValues",
                        (device, out) -> nvml.nvmlDeviceGetFieldValues(device, 1, out),
                        out -> {
                            FieldValue.FIELD_ID.set(out, 138);
                            FieldValue.SCOPE_ID.set(out, 17);
                        },
                        List.of(
                                same(FieldValue.FIELD_ID, 138),
                                same(FieldValue.SCOPE_ID, 17),
                                same(FieldValue.TIMESTAMP, 1_700_000_000_000_138L),
                                same(FieldValue.LATENCY_USEC, 20_000_000_138L),
                                same(FieldValue.VALUE_TYPE, NVML_VALUE_TYPE_UNSIGNED_LONG_LONG),
                                same(FieldValue.NVML_RETURN, 0),
                                next(FieldValue.VALUE, 1_380_000_017_000L))));
    }
}
