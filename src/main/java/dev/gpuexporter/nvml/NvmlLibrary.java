package dev.gpuexporter.nvml;

import com.sun.jna.Library;
import com.sun.jna.Pointer;

/**
 * The functions of {@code libnvidia-ml.so.1} that we call, under C's names and with C's arguments: an {@code unsigned
 * int} is an {@code int}, every out parameter a {@link Pointer}. Each answers an {@code nvmlReturn_t}
 * ({@link NvmlReturn}). A function that the loaded library lacks answers {@code FUNCTION_NOT_FOUND}.
 */
public interface NvmlLibrary extends Library {
    int nvmlInit_v2();

    int nvmlShutdown();

    int nvmlSystemGetDriverVersion(Pointer version, int length);

    int nvmlSystemGetNVMLVersion(Pointer version, int length);

    int nvmlSystemGetCudaDriverVersion_v2(Pointer cudaDriverVersion);

    int nvmlDeviceGetCount_v2(Pointer deviceCount);

    int nvmlDeviceGetHandleByIndex_v2(int index, Pointer device);

    // Identity

    int nvmlDeviceGetUUID(Pointer device, Pointer uuid, int length);

    int nvmlDeviceGetName(Pointer device, Pointer name, int length);

    int nvmlDeviceGetSerial(Pointer device, Pointer serial, int length);

    int nvmlDeviceGetVbiosVersion(Pointer device, Pointer version, int length);

    int nvmlDeviceGetInforomImageVersion(Pointer device, Pointer version, int length);

    int nvmlDeviceGetInforomVersion(Pointer device, int object, Pointer version, int length);

    int nvmlDeviceGetMinorNumber(Pointer device, Pointer minorNumber);

    int nvmlDeviceGetBrand(Pointer device, Pointer type);

    int nvmlDeviceGetArchitecture(Pointer device, Pointer arch);

    int nvmlDeviceGetCudaComputeCapability(Pointer device, Pointer major, Pointer minor);

    int nvmlDeviceGetPciInfo_v3(Pointer device, Pointer pci);

    int nvmlDeviceGetMigMode(Pointer device, Pointer currentMode, Pointer pendingMode);

    // Load

    int nvmlDeviceGetUtilizationRates(Pointer device, Pointer utilization);

    int nvmlDeviceGetEncoderUtilization(Pointer device, Pointer utilization, Pointer samplingPeriodUs);

    int nvmlDeviceGetDecoderUtilization(Pointer device, Pointer utilization, Pointer samplingPeriodUs);

    int nvmlDeviceGetJpgUtilization(Pointer device, Pointer utilization, Pointer samplingPeriodUs);

    int nvmlDeviceGetOfaUtilization(Pointer device, Pointer utilization, Pointer samplingPeriodUs);

    int nvmlDeviceGetPerformanceState(Pointer device, Pointer pState);

    // Memory

    int nvmlDeviceGetMemoryInfo(Pointer device, Pointer memory);

    int nvmlDeviceGetMemoryInfo_v2(Pointer device, Pointer memory);

    int nvmlDeviceGetBAR1MemoryInfo(Pointer device, Pointer bar1Memory);

    // Temperature and fans

    int nvmlDeviceGetTemperature(Pointer device, int sensorType, Pointer temp);

    int nvmlDeviceGetTemperatureV(Pointer device, Pointer temperature);

    int nvmlDeviceGetTemperatureThreshold(Pointer device, int thresholdType, Pointer temp);

    int nvmlDeviceGetMarginTemperature(Pointer device, Pointer marginTempInfo);

    int nvmlDeviceGetNumFans(Pointer device, Pointer numFans);

    int nvmlDeviceGetFanSpeed_v2(Pointer device, int fan, Pointer speed);

    // Power and energy

    int nvmlDeviceGetPowerUsage(Pointer device, Pointer power);

    int nvmlDeviceGetPowerManagementLimit(Pointer device, Pointer limit);

    int nvmlDeviceGetPowerManagementDefaultLimit(Pointer device, Pointer defaultLimit);

    int nvmlDeviceGetPowerManagementLimitConstraints(Pointer device, Pointer minLimit, Pointer maxLimit);

    int nvmlDeviceGetEnforcedPowerLimit(Pointer device, Pointer limit);

    int nvmlDeviceGetTotalEnergyConsumption(Pointer device, Pointer energy);

    // Clocks

    int nvmlDeviceGetClockInfo(Pointer device, int type, Pointer clock);

    int nvmlDeviceGetMaxClockInfo(Pointer device, int type, Pointer clock);

    int nvmlDeviceGetApplicationsClock(Pointer device, int clockType, Pointer clockMHz);

    int nvmlDeviceGetCurrentClocksEventReasons(Pointer device, Pointer clocksEventReasons);

    int nvmlDeviceGetCurrentClocksThrottleReasons(Pointer device, Pointer clocksThrottleReasons);

    int nvmlDeviceGetSupportedClocksEventReasons(Pointer device, Pointer supportedClocksEventReasons);

    int nvmlDeviceGetSupportedClocksThrottleReasons(Pointer device, Pointer supportedClocksThrottleReasons);

    int nvmlDeviceGetViolationStatus(Pointer device, int perfPolicyType, Pointer violTime);

    // ECC

    int nvmlDeviceGetEccMode(Pointer device, Pointer current, Pointer pending);

    int nvmlDeviceGetTotalEccErrors(Pointer device, int errorType, int counterType, Pointer eccCounts);

    int nvmlDeviceGetMemoryErrorCounter(
            Pointer device, int errorType, int counterType, int locationType, Pointer count);

    // Memory that is worn out

    int nvmlDeviceGetRemappedRows(
            Pointer device, Pointer corrRows, Pointer uncRows, Pointer isPending, Pointer failureOccurred);

    int nvmlDeviceGetRowRemapperHistogram(Pointer device, Pointer values);

    int nvmlDeviceGetSramEccErrorStatus(Pointer device, Pointer status);

    // PCIe

    int nvmlDeviceGetCurrPcieLinkGeneration(Pointer device, Pointer currLinkGen);

    int nvmlDeviceGetMaxPcieLinkGeneration(Pointer device, Pointer maxLinkGen);

    int nvmlDeviceGetCurrPcieLinkWidth(Pointer device, Pointer currLinkWidth);

    int nvmlDeviceGetMaxPcieLinkWidth(Pointer device, Pointer maxLinkWidth);

    int nvmlDeviceGetPcieReplayCounter(Pointer device, Pointer value);

    // The board, its chassis, and how it is set up

    int nvmlDeviceGetBoardPartNumber(Pointer device, Pointer partNumber, int length);

    int nvmlDeviceGetPersistenceMode(Pointer device, Pointer mode);

    int nvmlDeviceGetComputeMode(Pointer device, Pointer mode);

    int nvmlDeviceGetC2cModeInfoV(Pointer device, Pointer c2cModeInfo);

    int nvmlDeviceGetPlatformInfo(Pointer device, Pointer platformInfo);

    // Virtual GPUs on their host

    int nvmlDeviceGetVirtualizationMode(Pointer device, Pointer virtualizationMode);

    int nvmlDeviceGetActiveVgpus(Pointer device, Pointer vgpuCount, Pointer vgpuInstances);

    int nvmlDeviceGetVgpuUtilization(
            Pointer device,
            long lastSeenTimeStamp,
            Pointer sampleValType,
            Pointer vgpuInstanceSamplesCount,
            Pointer utilizationSamples);

    int nvmlVgpuInstanceGetUUID(int vgpuInstance, Pointer uuid, int size);

    int nvmlVgpuInstanceGetFbUsage(int vgpuInstance, Pointer fbUsage);

    int nvmlVgpuInstanceGetLicenseInfo_v2(int vgpuInstance, Pointer licenseInfo);

    // Samples that the driver takes by itself

    int nvmlDeviceGetSamples(
            Pointer device,
            int type,
            long lastSeenTimeStamp,
            Pointer sampleValType,
            Pointer sampleCount,
            Pointer samples);

    // MIG devices: the first two take the GPU, the others a MIG device's own handle

    int nvmlDeviceGetMaxMigDeviceCount(Pointer device, Pointer count);

    int nvmlDeviceGetMigDeviceHandleByIndex(Pointer device, int index, Pointer migDevice);

    int nvmlDeviceGetGpuInstanceId(Pointer device, Pointer id);

    int nvmlDeviceGetComputeInstanceId(Pointer device, Pointer id);

    int nvmlDeviceGetAttributes_v2(Pointer device, Pointer attributes);

    // GPU performance monitoring

    int nvmlGpmQueryDeviceSupport(Pointer device, Pointer gpmSupport);

    int nvmlGpmSampleAlloc(Pointer gpmSample);

    int nvmlGpmSampleFree(Pointer gpmSample);

    int nvmlGpmSampleGet(Pointer device, Pointer gpmSample);

    int nvmlGpmMigSampleGet(Pointer device, int gpuInstanceId, Pointer gpmSample);

    int nvmlGpmMetricsGet(Pointer metricsGet);
    // Processes

    int nvmlDeviceGetComputeRunningProcesses(Pointer device, Pointer infoCount, Pointer infos);

    int nvmlDeviceGetComputeRunningProcesses_v2(Pointer device, Pointer infoCount, Pointer infos);

    int nvmlDeviceGetComputeRunningProcesses_v3(Pointer device, Pointer infoCount, Pointer infos);

    int nvmlDeviceGetGraphicsRunningProcesses(Pointer device, Pointer infoCount, Pointer infos);

    int nvmlDeviceGetGraphicsRunningProcesses_v2(Pointer device, Pointer infoCount, Pointer infos);

    int nvmlDeviceGetGraphicsRunningProcesses_v3(Pointer device, Pointer infoCount, Pointer infos);

    int nvmlDeviceGetMPSComputeRunningProcesses(Pointer device, Pointer infoCount, Pointer infos);

    int nvmlDeviceGetMPSComputeRunningProcesses_v2(Pointer device, Pointer infoCount, Pointer infos);

    int nvmlDeviceGetMPSComputeRunningProcesses_v3(Pointer device, Pointer infoCount, Pointer infos);

    int nvmlDeviceGetProcessUtilization(
            Pointer device, Pointer utilization, Pointer processSamplesCount, long lastSeenTimeStamp);

    int nvmlDeviceGetProcessesUtilizationInfo(Pointer device, Pointer procesesUtilInfo);

    // Events

    int nvmlEventSetCreate(Pointer set);

    int nvmlDeviceGetSupportedEventTypes(Pointer device, Pointer eventTypes);

    int nvmlDeviceRegisterEvents(Pointer device, long eventTypes, Pointer set);

    int nvmlEventSetWait_v2(Pointer set, Pointer data, int timeoutms);

    int nvmlEventSetFree(Pointer set);

    int nvmlDeviceGetPcieThroughput(Pointer device, int counter, Pointer value);

    // NVLink and the fabric

    int nvmlDeviceGetNvLinkState(Pointer device, int link, Pointer isActive);

    int nvmlDeviceGetNvLinkVersion(Pointer device, int link, Pointer version);

    int nvmlDeviceGetNvLinkRemoteDeviceType(Pointer device, int link, Pointer nvLinkDeviceType);

    int nvmlDeviceGetNvLinkRemotePciInfo_v2(Pointer device, int link, Pointer pci);

    int nvmlDeviceGetNvLinkErrorCounter(Pointer device, int link, int counter, Pointer counterValue);

    int nvmlDeviceGetP2PStatus(Pointer device1, Pointer device2, int p2pIndex, Pointer p2pStatus);

    int nvmlDeviceGetGpuFabricInfo(Pointer device, Pointer gpuFabricInfo);

    int nvmlDeviceGetGpuFabricInfoV(Pointer device, Pointer gpuFabricInfo);

    // Many readings in one call

    int nvmlDeviceGetFieldValues(Pointer device, int valuesCount, Pointer values);
}
