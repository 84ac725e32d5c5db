package dev.gpuexporter.nvml;

import static java.lang.invoke.MethodHandles.Lookup.ClassOption.NESTMATE;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.SymbolProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.Map;

/**
 * The functions of a loaded library, each bound to the symbol of its name. JNA answers such a call several times as
 * quickly as one through a proxy of the interface.
 */
final class NvmlFunctions implements NvmlLibrary {
    /** Takes whatever arguments it is called with, as C's calling conventions allow. */
    private static final Missing MISSING = NvmlReturn.FUNCTION_NOT_FOUND::code;

    /** What stands in the place of a function that the library lacks. */
    interface Missing extends Callback {
        int code();
    }

    private NvmlFunctions() {}

    /**
     * Loads a library. JNA binds the methods of a class once, so each library has a class of its own, with the code of
     * this one.
     *
     * @throws UnsatisfiedLinkError where it cannot be loaded, or is not NVML
     */
    static NvmlLibrary of(String library) {
        // One of its own: JNA hands out again, by its file's name, what was loaded under the same options.
        SymbolProvider symbols = new SymbolProvider() {
            @Override
            public long getSymbolAddress(long handle, String name, SymbolProvider loader) {
                return symbol(handle, name, loader);
            }
        };
        NativeLibrary loaded = NativeLibrary.getInstance(library, Map.of(Library.OPTION_SYMBOL_PROVIDER, symbols));
        try (InputStream code = NvmlFunctions.class.getResourceAsStream("NvmlFunctions.class")) {
            MethodHandles.Lookup own = MethodHandles.lookup().defineHiddenClass(code.readAllBytes(), true, NESTMATE);
            Native.register(own.lookupClass(), loaded);
            return (NvmlLibrary) own.lookupClass().getDeclaredConstructor().newInstance();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) { // it has the constructor above
            throw new LinkageError("NvmlFunctions", e);
        }
    }

    private static long symbol(long handle, String name, SymbolProvider loader) {
        try {
            return loader.getSymbolAddress(handle, name, loader);
        } catch (UnsatisfiedLinkError e) {
            if (name.equals("nvmlInit_v2")) {
                throw e;
            }
            return Pointer.nativeValue(CallbackReference.getFunctionPointer(MISSING));
        }
    }

    @Override
    public native int nvmlInit_v2();

    @Override
    public native int nvmlShutdown();

    @Override
    public native int nvmlSystemGetDriverVersion(Pointer version, int length);

    @Override
    public native int nvmlSystemGetNVMLVersion(Pointer version, int length);

    @Override
    public native int nvmlSystemGetCudaDriverVersion_v2(Pointer cudaDriverVersion);

    @Override
    public native int nvmlDeviceGetCount_v2(Pointer deviceCount);

    @Override
    public native int nvmlDeviceGetHandleByIndex_v2(int index, Pointer device);

    // Identity

    @Override
    public native int nvmlDeviceGetUUID(Pointer device, Pointer uuid, int length);

    @Override
    public native int nvmlDeviceGetName(Pointer device, Pointer name, int length);

    @Override
    public native int nvmlDeviceGetSerial(Pointer device, Pointer serial, int length);

    @Override
    public native int nvmlDeviceGetVbiosVersion(Pointer device, Pointer version, int length);

    @Override
    public native int nvmlDeviceGetInforomImageVersion(Pointer device, Pointer version, int length);

    @Override
    public native int nvmlDeviceGetInforomVersion(Pointer device, int object, Pointer version, int length);

    @Override
    public native int nvmlDeviceGetMinorNumber(Pointer device, Pointer minorNumber);

    @Override
    public native int nvmlDeviceGetBrand(Pointer device, Pointer type);

    @Override
    public native int nvmlDeviceGetArchitecture(Pointer device, Pointer arch);

    @Override
    public native int nvmlDeviceGetCudaComputeCapability(Pointer device, Pointer major, Pointer minor);

    @Override
    public native int nvmlDeviceGetPciInfo_v3(Pointer device, Pointer pci);

    @Override
    public native int nvmlDeviceGetMigMode(Pointer device, Pointer currentMode, Pointer pendingMode);

    // Load

    @Override
    public native int nvmlDeviceGetUtilizationRates(Pointer device, Pointer utilization);

    @Override
    public native int nvmlDeviceGetEncoderUtilization(Pointer device, Pointer utilization, Pointer samplingPeriodUs);

    @Override
    public native int nvmlDeviceGetDecoderUtilization(Pointer device, Pointer utilization, Pointer samplingPeriodUs);

    @Override
    public native int nvmlDeviceGetJpgUtilization(Pointer device, Pointer utilization, Pointer samplingPeriodUs);

    @Override
    public native int nvmlDeviceGetOfaUtilization(Pointer device, Pointer utilization, Pointer samplingPeriodUs);

    @Override
    public native int nvmlDeviceGetPerformanceState(Pointer device, Pointer pState);

    // Memory

    @Override
    public native int nvmlDeviceGetMemoryInfo(Pointer device, Pointer memory);

    @Override
    public native int nvmlDeviceGetMemoryInfo_v2(Pointer device, Pointer memory);

    @Override
    public native int nvmlDeviceGetBAR1MemoryInfo(Pointer device, Pointer bar1Memory);

    // Temperature and fans

    @Override
    public native int nvmlDeviceGetTemperature(Pointer device, int sensorType, Pointer temp);

    @Override
    public native int nvmlDeviceGetTemperatureV(Pointer device, Pointer temperature);

    @Override
    public native int nvmlDeviceGetTemperatureThreshold(Pointer device, int thresholdType, Pointer temp);

    @Override
    public native int nvmlDeviceGetMarginTemperature(Pointer device, Pointer marginTempInfo);

    @Override
    public native int nvmlDeviceGetNumFans(Pointer device, Pointer numFans);

    @Override
    public native int nvmlDeviceGetFanSpeed_v2(Pointer device, int fan, Pointer speed);

    // Power and energy

    @Override
    public native int nvmlDeviceGetPowerUsage(Pointer device, Pointer power);

    @Override
    public native int nvmlDeviceGetPowerManagementLimit(Pointer device, Pointer limit);

    @Override
    public native int nvmlDeviceGetPowerManagementDefaultLimit(Pointer device, Pointer defaultLimit);

    @Override
    public native int nvmlDeviceGetPowerManagementLimitConstraints(Pointer device, Pointer minLimit, Pointer maxLimit);

    @Override
    public native int nvmlDeviceGetEnforcedPowerLimit(Pointer device, Pointer limit);

    @Override
    public native int nvmlDeviceGetTotalEnergyConsumption(Pointer device, Pointer energy);

    // Clocks

    @Override
    public native int nvmlDeviceGetClockInfo(Pointer device, int type, Pointer clock);

    @Override
    public native int nvmlDeviceGetMaxClockInfo(Pointer device, int type, Pointer clock);

    @Override
    public native int nvmlDeviceGetApplicationsClock(Pointer device, int clockType, Pointer clockMHz);

    @Override
    public native int nvmlDeviceGetCurrentClocksEventReasons(Pointer device, Pointer clocksEventReasons);

    @Override
    public native int nvmlDeviceGetCurrentClocksThrottleReasons(Pointer device, Pointer clocksThrottleReasons);

    @Override
    public native int nvmlDeviceGetSupportedClocksEventReasons(Pointer device, Pointer supportedClocksEventReasons);

    @Override
    public native int nvmlDeviceGetSupportedClocksThrottleReasons(
            Pointer device, Pointer supportedClocksThrottleReasons);

    @Override
    public native int nvmlDeviceGetViolationStatus(Pointer device, int perfPolicyType, Pointer violTime);

    // ECC

    @Override
    public native int nvmlDeviceGetEccMode(Pointer device, Pointer current, Pointer pending);

    @Override
    public native int nvmlDeviceGetTotalEccErrors(Pointer device, int errorType, int counterType, Pointer eccCounts);

    @Override
    public native int nvmlDeviceGetMemoryErrorCounter(
            Pointer device, int errorType, int counterType, int locationType, Pointer count);

    // Memory that is worn out

    @Override
    public native int nvmlDeviceGetRemappedRows(
            Pointer device, Pointer corrRows, Pointer uncRows, Pointer isPending, Pointer failureOccurred);

    @Override
    public native int nvmlDeviceGetRowRemapperHistogram(Pointer device, Pointer values);

    @Override
    public native int nvmlDeviceGetSramEccErrorStatus(Pointer device, Pointer status);

    // PCIe

    @Override
    public native int nvmlDeviceGetCurrPcieLinkGeneration(Pointer device, Pointer currLinkGen);

    @Override
    public native int nvmlDeviceGetMaxPcieLinkGeneration(Pointer device, Pointer maxLinkGen);

    @Override
    public native int nvmlDeviceGetCurrPcieLinkWidth(Pointer device, Pointer currLinkWidth);

    @Override
    public native int nvmlDeviceGetMaxPcieLinkWidth(Pointer device, Pointer maxLinkWidth);

    @Override
    public native int nvmlDeviceGetPcieReplayCounter(Pointer device, Pointer value);

    // The board, its chassis, and how it is set up

    @Override
    public native int nvmlDeviceGetBoardPartNumber(Pointer device, Pointer partNumber, int length);

    @Override
    public native int nvmlDeviceGetPersistenceMode(Pointer device, Pointer mode);

    @Override
    public native int nvmlDeviceGetComputeMode(Pointer device, Pointer mode);

    @Override
    public native int nvmlDeviceGetC2cModeInfoV(Pointer device, Pointer c2cModeInfo);

    @Override
    public native int nvmlDeviceGetPlatformInfo(Pointer device, Pointer platformInfo);

    // Virtual GPUs on their host

    @Override
    public native int nvmlDeviceGetVirtualizationMode(Pointer device, Pointer virtualizationMode);

    @Override
    public native int nvmlDeviceGetActiveVgpus(Pointer device, Pointer vgpuCount, Pointer vgpuInstances);

    @Override
    public native int nvmlDeviceGetVgpuUtilization(
            Pointer device,
            long lastSeenTimeStamp,
            Pointer sampleValType,
            Pointer vgpuInstanceSamplesCount,
            Pointer utilizationSamples);

    @Override
    public native int nvmlVgpuInstanceGetUUID(int vgpuInstance, Pointer uuid, int size);

    @Override
    public native int nvmlVgpuInstanceGetFbUsage(int vgpuInstance, Pointer fbUsage);

    @Override
    public native int nvmlVgpuInstanceGetLicenseInfo_v2(int vgpuInstance, Pointer licenseInfo);

    // Samples that the driver takes by itself

    @Override
    public native int nvmlDeviceGetSamples(
            Pointer device,
            int type,
            long lastSeenTimeStamp,
            Pointer sampleValType,
            Pointer sampleCount,
            Pointer samples);

    // MIG devices: the first two take the GPU, the others a MIG device's own handle

    @Override
    public native int nvmlDeviceGetMaxMigDeviceCount(Pointer device, Pointer count);

    @Override
    public native int nvmlDeviceGetMigDeviceHandleByIndex(Pointer device, int index, Pointer migDevice);

    @Override
    public native int nvmlDeviceGetGpuInstanceId(Pointer device, Pointer id);

    @Override
    public native int nvmlDeviceGetComputeInstanceId(Pointer device, Pointer id);

    @Override
    public native int nvmlDeviceGetAttributes_v2(Pointer device, Pointer attributes);

    // GPU performance monitoring

    @Override
    public native int nvmlGpmQueryDeviceSupport(Pointer device, Pointer gpmSupport);

    @Override
    public native int nvmlGpmSampleAlloc(Pointer gpmSample);

    @Override
    public native int nvmlGpmSampleFree(Pointer gpmSample);

    @Override
    public native int nvmlGpmSampleGet(Pointer device, Pointer gpmSample);

    @Override
    public native int nvmlGpmMigSampleGet(Pointer device, int gpuInstanceId, Pointer gpmSample);

    @Override
    public native int nvmlGpmMetricsGet(Pointer metricsGet);

    // Processes

    @Override
    public native int nvmlDeviceGetComputeRunningProcesses(Pointer device, Pointer infoCount, Pointer infos);

    @Override
    public native int nvmlDeviceGetComputeRunningProcesses_v2(Pointer device, Pointer infoCount, Pointer infos);

    @Override
    public native int nvmlDeviceGetComputeRunningProcesses_v3(Pointer device, Pointer infoCount, Pointer infos);

    @Override
    public native int nvmlDeviceGetGraphicsRunningProcesses(Pointer device, Pointer infoCount, Pointer infos);

    @Override
    public native int nvmlDeviceGetGraphicsRunningProcesses_v2(Pointer device, Pointer infoCount, Pointer infos);

    @Override
    public native int nvmlDeviceGetGraphicsRunningProcesses_v3(Pointer device, Pointer infoCount, Pointer infos);

    @Override
    public native int nvmlDeviceGetMPSComputeRunningProcesses(Pointer device, Pointer infoCount, Pointer infos);

    @Override
    public native int nvmlDeviceGetMPSComputeRunningProcesses_v2(Pointer device, Pointer infoCount, Pointer infos);

    @Override
    public native int nvmlDeviceGetMPSComputeRunningProcesses_v3(Pointer device, Pointer infoCount, Pointer infos);

    @Override
    public native int nvmlDeviceGetProcessUtilization(
            Pointer device, Pointer utilization, Pointer processSamplesCount, long lastSeenTimeStamp);

    @Override
    public native int nvmlDeviceGetProcessesUtilizationInfo(Pointer device, Pointer procesesUtilInfo);

    // Events

    @Override
    public native int nvmlEventSetCreate(Pointer set);

    @Override
    public native int nvmlDeviceGetSupportedEventTypes(Pointer device, Pointer eventTypes);

    @Override
    public native int nvmlDeviceRegisterEvents(Pointer device, long eventTypes, Pointer set);

    @Override
    public native int nvmlEventSetWait_v2(Pointer set, Pointer data, int timeoutms);

    @Override
    public native int nvmlEventSetFree(Pointer set);

    @Override
    public native int nvmlDeviceGetPcieThroughput(Pointer device, int counter, Pointer value);

    // NVLink and the fabric

    @Override
    public native int nvmlDeviceGetNvLinkState(Pointer device, int link, Pointer isActive);

    @Override
    public native int nvmlDeviceGetNvLinkVersion(Pointer device, int link, Pointer version);

    @Override
    public native int nvmlDeviceGetNvLinkRemoteDeviceType(Pointer device, int link, Pointer nvLinkDeviceType);

    @Override
    public native int nvmlDeviceGetNvLinkRemotePciInfo_v2(Pointer device, int link, Pointer pci);

    @Override
    public native int nvmlDeviceGetNvLinkErrorCounter(Pointer device, int link, int counter, Pointer counterValue);

    @Override
    public native int nvmlDeviceGetP2PStatus(Pointer device1, Pointer device2, int p2pIndex, Pointer p2pStatus);

    @Override
    public native int nvmlDeviceGetGpuFabricInfo(Pointer device, Pointer gpuFabricInfo);

    @Override
    public native int nvmlDeviceGetGpuFabricInfoV(Pointer device, Pointer gpuFabricInfo);

    // Many readings in one call

    @Override
    public native int nvmlDeviceGetFieldValues(Pointer device, int valuesCount, Pointer values);
}
