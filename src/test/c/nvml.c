/*
 * A libnvidia-ml.so.1 that answers what the tests can tell apart: each out parameter and each member of a struct has a
 * number of its own, and most are greater by one on the next GPU. 64-bit members hold more than 32 bits do, so that one
 * read with the wrong width shows. The numbers stay plausible where they can: whole processes run on this library too.
 *
 * CompiledNvml compiles it; by hand:
 *   gcc -std=gnu11 -shared -fPIC -pthread -Wl,-soname,libnvidia-ml.so.1 -o libnvidia-ml.so.1 *.c
 *
 * A new function is a line in one of the tables below, or stands in a file of its chapter; its prototype is in nvml.h
 * and its row in NvmlCalls.java.
 */
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "driver.h"

typedef unsigned int uint;
typedef unsigned long long ulonglong;

/* TEXT: a string that ends in the GPU's index. */
#define TEXT(name, text)                                                     \
    nvmlReturn_t name(nvmlDevice_t device, char *out, unsigned int length) { \
        DEVICE_CALL(device);                                                 \
        char value[96];                                                      \
        snprintf(value, sizeof value, "%s%u", (text), gpu);                  \
        return copy(value, out, length);                                     \
    }

/* NUMBER: one out parameter. */
#define NUMBER(name, type, value)                       \
    nvmlReturn_t name(nvmlDevice_t device, type *out) { \
        DEVICE_CALL(device);                            \
        REQUIRE(out != NULL);                           \
        *out = (value);                                 \
        return NVML_SUCCESS;                            \
    }

/* NUMBERS: two out parameters. */
#define NUMBERS(name, type, firstValue, secondValue)                   \
    nvmlReturn_t name(nvmlDevice_t device, type *first, type *second) { \
        DEVICE_CALL(device);                                           \
        REQUIRE(first != NULL && second != NULL);                      \
        *first = (firstValue);                                         \
        *second = (secondValue);                                       \
        return NVML_SUCCESS;                                           \
    }

/* BY: one out parameter, after an enum or index "which" that is below "end". */
#define BY(name, end, type, value)                                          \
    nvmlReturn_t name(nvmlDevice_t device, unsigned int which, type *out) { \
        DEVICE_CALL(device);                                                \
        REQUIRE(which < (end) && out != NULL);                              \
        *out = (value);                                                     \
        return NVML_SUCCESS;                                                \
    }

/* STRUCT: an out struct, by its members. */
#define STRUCT(name, type, ...)                         \
    nvmlReturn_t name(nvmlDevice_t device, type *out) { \
        DEVICE_CALL(device);                            \
        REQUIRE(out != NULL);                           \
        *out = (type){__VA_ARGS__};                     \
        return NVML_SUCCESS;                            \
    }

/* VERSIONED: the same, when the caller has set the version word; what else he set is in "in". */
#define VERSIONED(name, type, word, ...)                 \
    nvmlReturn_t name(nvmlDevice_t device, type *out) {  \
        DEVICE_CALL(device);                             \
        REQUIRE(out != NULL);                            \
        if (out->version != (word)) {                    \
            return NVML_ERROR_ARGUMENT_VERSION_MISMATCH; \
        }                                                \
        const type in = *out;                            \
        (void)in;                                        \
        memset(out, 0, sizeof *out);                     \
        *out = (type){.version = (word), __VA_ARGS__};   \
        return NVML_SUCCESS;                             \
    }

static nvmlReturn_t copy(const char *value, char *out, unsigned int length) {
    REQUIRE(out != NULL);
    if (strlen(value) >= length) {
        return NVML_ERROR_INSUFFICIENT_SIZE;
    }
    strcpy(out, value);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlInit_v2(void) {
    readEnvironment();
    CALL(enter(__func__));
    beginUse();
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlShutdown(void) {
    CALL(enter(__func__));
    return endUse();
}

nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length) {
    SYSTEM_CALL();
    return copy("610.43.02", version, length);
}

nvmlReturn_t nvmlSystemGetNVMLVersion(char *version, unsigned int length) {
    SYSTEM_CALL();
    return copy("13.610.43.02", version, length);
}

nvmlReturn_t nvmlSystemGetCudaDriverVersion_v2(int *cudaDriverVersion) {
    SYSTEM_CALL();
    REQUIRE(cudaDriverVersion != NULL);
    *cudaDriverVersion = 13030;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *deviceCount) {
    SYSTEM_CALL();
    REQUIRE(deviceCount != NULL);
    *deviceCount = gpuCount();
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device) {
    CALL(enterGpu(__func__, index));
    REQUIRE(device != NULL);
    *device = handleOf(index);
    return NVML_SUCCESS;
}

/* Identity */

TEXT(nvmlDeviceGetUUID, "GPU-c0de0000-0000-4000-8000-00000000000")
TEXT(nvmlDeviceGetName, "Compiled GPU, name ")
TEXT(nvmlDeviceGetSerial, "serial ")
TEXT(nvmlDeviceGetVbiosVersion, "vbios ")
TEXT(nvmlDeviceGetInforomImageVersion, "inforom ")

/* Of the three objects and another, each has its own. */
nvmlReturn_t nvmlDeviceGetInforomVersion(nvmlDevice_t device, nvmlInforomObject_t object, char *version,
                                         unsigned int length) {
    DEVICE_CALL(device);
    REQUIRE(object < 4);
    char value[16];
    snprintf(value, sizeof value, "object %u.%u", object, gpu);
    return copy(value, version, length);
}

NUMBER(nvmlDeviceGetMinorNumber, uint, 40 + gpu)
NUMBER(nvmlDeviceGetBrand, uint, 14 + gpu)
NUMBER(nvmlDeviceGetArchitecture, uint, 9 + gpu)
NUMBERS(nvmlDeviceGetCudaComputeCapability, int, 9 + (int)gpu, 21 + (int)gpu)
NUMBERS(nvmlDeviceGetMigMode, uint, 0, 1)

nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t *pci) {
    DEVICE_CALL(device);
    REQUIRE(pci != NULL);
    *pci = (nvmlPciInfo_t){
        .domain = 0xabcd,
        .bus = 0x3a + gpu,
        .device = 0x1e,
        .pciDeviceId = 0x233510deu + gpu,
        .pciSubSystemId = 0x18be10deu + gpu,
    };
    snprintf(pci->busIdLegacy, sizeof pci->busIdLegacy, "%04X:%02X:%02X.0", pci->domain & 0xffff, pci->bus & 0xff,
             pci->device & 0xff);
    snprintf(pci->busId, sizeof pci->busId, "%08X:%02X:%02X.0", pci->domain, pci->bus, pci->device);
    return NVML_SUCCESS;
}

/* Load, % and µs */

STRUCT(nvmlDeviceGetUtilizationRates, nvmlUtilization_t, .gpu = 41 + gpu, .memory = 23 + gpu)
NUMBERS(nvmlDeviceGetEncoderUtilization, uint, 51 + gpu, 100051 + gpu)
NUMBERS(nvmlDeviceGetDecoderUtilization, uint, 61 + gpu, 100061 + gpu)
NUMBERS(nvmlDeviceGetJpgUtilization, uint, 71 + gpu, 100071 + gpu)
NUMBERS(nvmlDeviceGetOfaUtilization, uint, 81 + gpu, 100081 + gpu)
NUMBER(nvmlDeviceGetPerformanceState, uint, 2 + gpu)

/* Memory, bytes */

STRUCT(nvmlDeviceGetMemoryInfo, nvmlMemory_t, .total = 81000000100 + gpu, .free = 60000000200 + gpu,
       .used = 21000000300 + gpu)
VERSIONED(nvmlDeviceGetMemoryInfo_v2, nvmlMemory_v2_t, 0x02000028, .total = 81000000400 + gpu,
          .reserved = 5000000500 + gpu, .free = 60000000600 + gpu, .used = 16000000700 + gpu)
STRUCT(nvmlDeviceGetBAR1MemoryInfo, nvmlBAR1Memory_t, .bar1Total = 131000000100 + gpu, .bar1Free = 125000000200 + gpu,
       .bar1Used = 6000000300 + gpu)

/* Temperature in °C, fans in % */

BY(nvmlDeviceGetTemperature, 1, uint, 61 + gpu)
VERSIONED(nvmlDeviceGetTemperatureV, nvmlTemperature_v1_t, 0x0100000c, .sensorType = in.sensorType,
          .temperature = 51 + (int)gpu)
BY(nvmlDeviceGetTemperatureThreshold, 8, uint, 90 + 10 * which + gpu)
VERSIONED(nvmlDeviceGetMarginTemperature, nvmlMarginTemperature_v1_t, 0x01000008, .marginTemperature = -7 + (int)gpu)
NUMBER(nvmlDeviceGetNumFans, uint, 2)
BY(nvmlDeviceGetFanSpeed_v2, 2, uint, 30 + 10 * which + gpu)

/* Power in mW, energy in mJ */

NUMBER(nvmlDeviceGetPowerUsage, uint, 251000 + gpu)
NUMBER(nvmlDeviceGetPowerManagementLimit, uint, 601000 + gpu)
NUMBER(nvmlDeviceGetPowerManagementDefaultLimit, uint, 602000 + gpu)
NUMBERS(nvmlDeviceGetPowerManagementLimitConstraints, uint, 101000 + gpu, 701000 + gpu)
NUMBER(nvmlDeviceGetEnforcedPowerLimit, uint, 603000 + gpu)
NUMBER(nvmlDeviceGetTotalEnergyConsumption, ulonglong, 345600000100 + gpu)

/* Clocks in MHz, bits of reasons with one that nobody knows, times in ns */

BY(nvmlDeviceGetClockInfo, 4, uint, 1000 + 100 * which + gpu)
BY(nvmlDeviceGetMaxClockInfo, 4, uint, 2000 + 100 * which + gpu)
BY(nvmlDeviceGetApplicationsClock, 4, uint, 3000 + 100 * which + gpu)
NUMBER(nvmlDeviceGetCurrentClocksEventReasons, ulonglong, 0x100000004)
NUMBER(nvmlDeviceGetCurrentClocksThrottleReasons, ulonglong, 0x100000020)
NUMBER(nvmlDeviceGetSupportedClocksEventReasons, ulonglong, 0x1000001ef)
NUMBER(nvmlDeviceGetSupportedClocksThrottleReasons, ulonglong, 0x1000001ff)

nvmlReturn_t nvmlDeviceGetViolationStatus(nvmlDevice_t device, nvmlPerfPolicyType_t policy, nvmlViolationTime_t *out) {
    DEVICE_CALL(device);
    REQUIRE(policy < 12 && out != NULL);
    out->referenceTime = 7000000000000 + 1000 * policy + gpu;
    out->violationTime = 5000000000000 + 1000 * policy + gpu;
    return NVML_SUCCESS;
}

/* ECC */

NUMBERS(nvmlDeviceGetEccMode, uint, 1, 0)

nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t device, nvmlMemoryErrorType_t error, nvmlEccCounterType_t counter,
                                         unsigned long long *out) {
    DEVICE_CALL(device);
    REQUIRE(error < 2 && counter < 2 && out != NULL);
    *out = 6000000000 + 1000 * error + 100 * counter + gpu;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMemoryErrorCounter(nvmlDevice_t device, nvmlMemoryErrorType_t error,
                                             nvmlEccCounterType_t counter, nvmlMemoryLocation_t location,
                                             unsigned long long *out) {
    DEVICE_CALL(device);
    REQUIRE(error < 2 && counter < 2 && location < 8 && out != NULL);
    *out = 7000000000 + 1000 * error + 100 * counter + 10 * location + gpu;
    return NVML_SUCCESS;
}

/* Worn memory */

nvmlReturn_t nvmlDeviceGetRemappedRows(nvmlDevice_t device, unsigned int *corrRows, unsigned int *uncRows,
                                       unsigned int *isPending, unsigned int *failureOccurred) {
    DEVICE_CALL(device);
    REQUIRE(corrRows != NULL && uncRows != NULL && isPending != NULL && failureOccurred != NULL);
    *corrRows = 31 + gpu;
    *uncRows = 41 + gpu;
    *isPending = 1;
    *failureOccurred = 0;
    return NVML_SUCCESS;
}

STRUCT(nvmlDeviceGetRowRemapperHistogram, nvmlRowRemapperHistogramValues_t, .max = 2501 + gpu, .high = 51 + gpu,
       .partial = 41 + gpu, .low = 31 + gpu, .none = 21 + gpu)
VERSIONED(nvmlDeviceGetSramEccErrorStatus, nvmlEccSramErrorStatus_v1_t, 0x01000068,
          .aggregateUncParity = 5000000100 + gpu, .aggregateUncSecDed = 5000000200 + gpu,
          .aggregateCor = 5000000300 + gpu, .volatileUncParity = 5000000400 + gpu,
          .volatileUncSecDed = 5000000500 + gpu, .volatileCor = 5000000600 + gpu,
          .aggregateUncBucketL2 = 5000000700 + gpu, .aggregateUncBucketSm = 5000000800 + gpu,
          .aggregateUncBucketPcie = 5000000900 + gpu, .aggregateUncBucketMcu = 5000001000 + gpu,
          .aggregateUncBucketOther = 5000001100 + gpu, .bThresholdExceeded = 1)

/* PCIe */

NUMBER(nvmlDeviceGetCurrPcieLinkGeneration, uint, 4 + gpu)
NUMBER(nvmlDeviceGetMaxPcieLinkGeneration, uint, 5 + gpu)
NUMBER(nvmlDeviceGetCurrPcieLinkWidth, uint, 8 + gpu)
NUMBER(nvmlDeviceGetMaxPcieLinkWidth, uint, 16 + gpu)
NUMBER(nvmlDeviceGetPcieReplayCounter, uint, 9001 + gpu)
BY(nvmlDeviceGetPcieThroughput, 2, uint, 400000 + 1000 * which + gpu)

/* NVLink and the fabric */

#define LINKS 18

BY(nvmlDeviceGetNvLinkState, LINKS, nvmlEnableState_t, which != 5)
BY(nvmlDeviceGetNvLinkVersion, LINKS, uint, 6 + gpu)
BY(nvmlDeviceGetNvLinkRemoteDeviceType, LINKS, nvmlIntNvLinkDeviceType_t, 1 + gpu)

nvmlReturn_t nvmlDeviceGetNvLinkRemotePciInfo_v2(nvmlDevice_t device, unsigned int link, nvmlPciInfo_t *pci) {
    DEVICE_CALL(device);
    REQUIRE(link < LINKS && pci != NULL);
    *pci = (nvmlPciInfo_t){
        .domain = 0xbcde,
        .bus = 0xa0 + link + gpu,
        .device = 0x1d,
        .pciDeviceId = 0x22a310deu + gpu,
        .pciSubSystemId = 0x179610deu + gpu,
    };
    snprintf(pci->busIdLegacy, sizeof pci->busIdLegacy, "%04X:%02X:%02X.0", pci->domain & 0xffff, pci->bus & 0xff,
             pci->device & 0xff);
    snprintf(pci->busId, sizeof pci->busId, "%08X:%02X:%02X.0", pci->domain, pci->bus, pci->device);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetNvLinkErrorCounter(nvmlDevice_t device, unsigned int link, nvmlNvLinkErrorCounter_t counter,
                                             unsigned long long *out) {
    DEVICE_CALL(device);
    REQUIRE(link < LINKS && counter < 5 && out != NULL);
    *out = 8000000000 + 1000 * link + 10 * counter + gpu;
    return NVML_SUCCESS;
}

/* Which of the two GPUs is the first shows. */
nvmlReturn_t nvmlDeviceGetP2PStatus(nvmlDevice_t device1, nvmlDevice_t device2, nvmlGpuP2PCapsIndex_t index,
                                    nvmlGpuP2PStatus_t *out) {
    DEVICE_CALL(device1);
    REQUIRE(device2 != NULL && device2->index < gpuCount() && index < 6 && out != NULL);
    if (isLost(device2->index)) {
        return NVML_ERROR_GPU_IS_LOST;
    }
    *out = index + 2 * gpu + device2->index;
    return NVML_SUCCESS;
}

/* A UUID has no NUL in it: it is bytes, not text. */
static void fabricUuid(unsigned char *uuid, char first, unsigned int gpu) {
    for (unsigned int i = 0; i < 16; i++) {
        uuid[i] = (unsigned char)(first + i);
    }
    uuid[15] = (unsigned char)('0' + gpu);
}

nvmlReturn_t nvmlDeviceGetGpuFabricInfo(nvmlDevice_t device, nvmlGpuFabricInfo_t *out) {
    DEVICE_CALL(device);
    REQUIRE(out != NULL);
    fabricUuid(out->clusterUuid, 'a', gpu);
    out->status = 71 + gpu;
    out->cliqueId = 101 + gpu;
    out->state = (unsigned char)(2 + gpu);
    return NVML_SUCCESS;
}

/* Both versions begin alike; the third has one member more. */
nvmlReturn_t nvmlDeviceGetGpuFabricInfoV(nvmlDevice_t device, nvmlGpuFabricInfo_v2_t *out) {
    DEVICE_CALL(device);
    REQUIRE(out != NULL);
    const unsigned int version = out->version >> 24;
    if (out->version != (version == 3 ? 0x03000028 : 0x02000024)) {
        return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    }
    fabricUuid(out->clusterUuid, version == 3 ? 'e' : 'c', gpu);
    out->status = 70 + version + gpu;
    out->cliqueId = 100 + 10 * version + gpu;
    out->state = (unsigned char)(3 + gpu);
    out->healthMask = 0x80004000u + 0x100 * version + gpu;
    if (version == 3) {
        ((nvmlGpuFabricInfo_v3_t *)out)->healthSummary = (unsigned char)(1 + gpu);
    }
    return NVML_SUCCESS;
}

/* MIG devices: the handle of one says whose and which it is, and is good for nothing else */

NUMBER(nvmlDeviceGetMaxMigDeviceCount, uint, 7)
NUMBER(nvmlDeviceGetGpuInstanceId, uint, 3 + gpu)
NUMBER(nvmlDeviceGetComputeInstanceId, uint, 1 + gpu)
STRUCT(nvmlDeviceGetAttributes_v2, nvmlDeviceAttributes_t, .multiprocessorCount = 132 + gpu,
       .sharedCopyEngineCount = 8 + gpu, .sharedDecoderCount = 17 + gpu, .sharedEncoderCount = 27 + gpu,
       .sharedJpegCount = 37 + gpu, .sharedOfaCount = 47 + gpu, .gpuInstanceSliceCount = 57 + gpu,
       .computeInstanceSliceCount = 67 + gpu, .memorySizeMB = 8000000079 + gpu)
BY(nvmlDeviceGetMigDeviceHandleByIndex, 7, nvmlDevice_t, (nvmlDevice_t)(uintptr_t)(0x700000100 + 16 * which + gpu))

/*
 * GPM: a sample says of which GPU and GPU instance it is, and every metric's value is its id and those. A sample's
 * handle is no address, so that it is the same in every run.
 */

#define SAMPLES 1024
#define FIRST_SAMPLE 0x5a0000100
#define METRIC_NAME 0x5b0000100

static struct {
    atomic_bool taken;
    unsigned int gpu;
    unsigned int instance;
} samples[SAMPLES];

static uint sampleOf(nvmlGpmSample_t gpmSample) {
    uintptr_t number = ((uintptr_t)gpmSample - FIRST_SAMPLE) / 16;
    return number < SAMPLES && samples[number].taken ? (uint)number : SAMPLES;
}

VERSIONED(nvmlGpmQueryDeviceSupport, nvmlGpmSupport_t, 1, .isSupportedDevice = 5 + gpu)

nvmlReturn_t nvmlGpmSampleAlloc(nvmlGpmSample_t *gpmSample) {
    SYSTEM_CALL();
    REQUIRE(gpmSample != NULL);
    for (uintptr_t number = 0; number < SAMPLES; number++) {
        if (!atomic_exchange(&samples[number].taken, true)) {
            *gpmSample = (nvmlGpmSample_t)(FIRST_SAMPLE + 16 * number);
            return NVML_SUCCESS;
        }
    }
    return NVML_ERROR_MEMORY;
}

nvmlReturn_t nvmlGpmSampleFree(nvmlGpmSample_t gpmSample) {
    SYSTEM_CALL();
    const uint number = sampleOf(gpmSample);
    REQUIRE(number < SAMPLES);
    samples[number].taken = false;
    return NVML_SUCCESS;
}

static nvmlReturn_t fill(nvmlGpmSample_t gpmSample, uint gpu, uint instance) {
    const uint number = sampleOf(gpmSample);
    REQUIRE(number < SAMPLES);
    samples[number].gpu = gpu;
    samples[number].instance = instance;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlGpmSampleGet(nvmlDevice_t device, nvmlGpmSample_t gpmSample) {
    DEVICE_CALL(device);
    return fill(gpmSample, gpu, 0);
}

nvmlReturn_t nvmlGpmMigSampleGet(nvmlDevice_t device, unsigned int gpuInstanceId, nvmlGpmSample_t gpmSample) {
    DEVICE_CALL(device);
    REQUIRE(gpuInstanceId < 15);
    return fill(gpmSample, gpu, gpuInstanceId);
}

nvmlReturn_t nvmlGpmMetricsGet(nvmlGpmMetricsGet_t *metricsGet) {
    SYSTEM_CALL();
    REQUIRE(metricsGet != NULL);
    if (metricsGet->version != 1) {
        return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    }
    const uint first = sampleOf(metricsGet->sample1);
    const uint second = sampleOf(metricsGet->sample2);
    REQUIRE(first < SAMPLES && second < SAMPLES && samples[first].gpu == samples[second].gpu);
    REQUIRE(metricsGet->numMetrics <= NVML_GPM_METRIC_MAX);
    for (uint i = 0; i < metricsGet->numMetrics; i++) {
        nvmlGpmMetric_t *metric = &metricsGet->metrics[i];
        const bool known = metric->metricId > 0 && metric->metricId < NVML_GPM_METRIC_MAX;
        metric->nvmlReturn = known ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
        metric->value = metric->metricId + 0.25 * samples[second].gpu + 0.5 * samples[second].instance;
        metric->metricInfo.shortName = (char *)METRIC_NAME;
    }
    return NVML_SUCCESS;
}

/* The board, and how it is set up */

TEXT(nvmlDeviceGetBoardPartNumber, "part ")
NUMBER(nvmlDeviceGetPersistenceMode, uint, 1)
NUMBER(nvmlDeviceGetComputeMode, uint, 2 + gpu)
STRUCT(nvmlDeviceGetC2cModeInfoV, nvmlC2cModeInfo_v1_t, .isC2cEnabled = 1)
VERSIONED(nvmlDeviceGetPlatformInfo, nvmlPlatformInfo_v2_t, 0x0200002c, .ibGuid = "guid",
          .chassisSerialNumber = {'c', 'h', 'a', 's', 's', 'i', 's', ' ', (unsigned char)('0' + gpu)},
          .slotNumber = 11 + gpu, .trayIndex = 21 + gpu, .hostId = 31 + gpu, .peerType = 41 + gpu,
          .moduleId = 251 + gpu)

/* Virtual GPUs: instances 700 and 800 on the first GPU, one more each on the next */

NUMBER(nvmlDeviceGetVirtualizationMode, uint, 3 + gpu)

nvmlReturn_t nvmlDeviceGetActiveVgpus(nvmlDevice_t device, unsigned int *vgpuCount, nvmlVgpuInstance_t *vgpuInstances) {
    DEVICE_CALL(device);
    REQUIRE(vgpuCount != NULL);
    unsigned int room = *vgpuCount;
    *vgpuCount = 2;
    if (room < 2) {
        return NVML_ERROR_INSUFFICIENT_SIZE;
    }
    REQUIRE(vgpuInstances != NULL);
    vgpuInstances[0] = 700 + gpu;
    vgpuInstances[1] = 800 + gpu;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetVgpuUtilization(nvmlDevice_t device, unsigned long long lastSeenTimeStamp,
                                          nvmlValueType_t *sampleValType, unsigned int *count,
                                          nvmlVgpuInstanceUtilizationSample_t *samples) {
    DEVICE_CALL(device);
    REQUIRE(sampleValType != NULL && count != NULL);
    const unsigned long long time = 1700000000000007;
    if (*count < 2 || samples == NULL) {
        *count = 2;
        return NVML_ERROR_INSUFFICIENT_SIZE;
    }
    if (time <= lastSeenTimeStamp) {
        return NVML_ERROR_NOT_FOUND;
    }
    *sampleValType = NVML_VALUE_TYPE_UNSIGNED_INT;
    *count = 2;
    samples[0] = (nvmlVgpuInstanceUtilizationSample_t){
        .vgpuInstance = 700 + gpu,
        .timeStamp = time,
        .smUtil.ullVal = 0xeeeeeeee0000000b + gpu,
        .memUtil.ullVal = 0xeeeeeeee00000015 + gpu,
        .encUtil.ullVal = 0xeeeeeeee0000001f + gpu,
        .decUtil.ullVal = 0xeeeeeeee00000029 + gpu,
    };
    samples[1] = samples[0];
    samples[1].vgpuInstance = 800 + gpu;
    samples[1].smUtil.uiVal = 51 + gpu;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlVgpuInstanceGetUUID(nvmlVgpuInstance_t vgpuInstance, char *uuid, unsigned int size) {
    SYSTEM_CALL();
    char value[80];
    snprintf(value, sizeof value, "vgpu-%u", vgpuInstance);
    return copy(value, uuid, size);
}

nvmlReturn_t nvmlVgpuInstanceGetFbUsage(nvmlVgpuInstance_t vgpuInstance, unsigned long long *fbUsage) {
    SYSTEM_CALL();
    REQUIRE(fbUsage != NULL);
    *fbUsage = 6000000000 + vgpuInstance;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlVgpuInstanceGetLicenseInfo_v2(nvmlVgpuInstance_t vgpuInstance, nvmlVgpuLicenseInfo_t *licenseInfo) {
    SYSTEM_CALL();
    REQUIRE(vgpuInstance != 0 && licenseInfo != NULL);
    *licenseInfo = (nvmlVgpuLicenseInfo_t){
        .isLicensed = 1, .licenseExpiry = {.year = 0x32303331, .month = 0x3130}, .currentState = 5};
    return NVML_SUCCESS;
}

/* Samples: two of power, in mW, and two of utilization, in %, a second apart */

nvmlReturn_t nvmlDeviceGetSamples(nvmlDevice_t device, nvmlSamplingType_t type, unsigned long long lastSeenTimeStamp,
                                  nvmlValueType_t *sampleValType, unsigned int *sampleCount, nvmlSample_t *samples) {
    DEVICE_CALL(device);
    REQUIRE(type < 2 && sampleValType != NULL && sampleCount != NULL);
    const unsigned int held = 2;
    if (samples == NULL) {
        *sampleCount = held;
        return NVML_SUCCESS;
    }
    unsigned int room = *sampleCount;
    unsigned int written = 0;
    for (unsigned int i = 0; i < held && written < room; i++) {
        unsigned long long time = 1700000000000000 + 1000000 * i;
        if (time > lastSeenTimeStamp) {
            samples[written].timeStamp = time;
            samples[written].sampleValue.ullVal = 0xeeeeeeeeeeeeeeee;
            samples[written].sampleValue.uiVal = (type == 0 ? 261000 : 43) + 10 * i + gpu;
            written++;
        }
    }
    *sampleValType = NVML_VALUE_TYPE_UNSIGNED_INT;
    *sampleCount = written;
    return written == 0 ? NVML_ERROR_NOT_FOUND : NVML_SUCCESS;
}

/* Field values */

#define LAST_KNOWN_FIELD 308

/* No driver has these: each answers with the value type of its last digit, so that all types can be read. */
#define FIRST_FIELD_BY_TYPE 9000
#define LAST_FIELD_BY_TYPE 9006

static nvmlValueType_t typeOf(unsigned int field) {
    if (field >= FIRST_FIELD_BY_TYPE) {
        return field - FIRST_FIELD_BY_TYPE;
    }
    if (field >= NVML_FI_DEV_TEMPERATURE_SHUTDOWN_TLIMIT && field <= NVML_FI_DEV_TEMPERATURE_GPU_MAX_TLIMIT) {
        return NVML_VALUE_TYPE_SIGNED_INT;
    }
    if (field == NVML_FI_DEV_MEMORY_TEMP || field == NVML_FI_DEV_NVLINK_LINK_COUNT
        || (field >= NVML_FI_DEV_NVLINK_GET_SPEED && field <= NVML_FI_DEV_NVLINK_GET_VERSION)
        || (field >= NVML_FI_DEV_POWER_AVERAGE && field <= NVML_FI_DEV_POWER_REQUESTED_LIMIT)) {
        return NVML_VALUE_TYPE_UNSIGNED_INT;
    }
    return NVML_VALUE_TYPE_UNSIGNED_LONG_LONG;
}

static unsigned int plausible(unsigned int field, unsigned int gpu) {
    switch (field) {
        case NVML_FI_DEV_MEMORY_TEMP:
            return field + gpu;
        case NVML_FI_DEV_NVLINK_LINK_COUNT:
            return LINKS;
        case NVML_FI_DEV_NVLINK_GET_STATE:
            return 1;
        case NVML_FI_DEV_NVLINK_GET_VERSION:
            return 6 + gpu;
        default:
            return 1000 * field + gpu;
    }
}

/* A union keeps the bytes of what was there before beside a narrow value: so does this, to catch who reads them. */
static nvmlValue_t valueOf(unsigned int field, unsigned int scope, unsigned int gpu) {
    nvmlValue_t value = {.ullVal = 0xeeeeeeeeeeeeeeee};
    switch (typeOf(field)) {
        case NVML_VALUE_TYPE_DOUBLE:
            value.dVal = field + 0.25 + gpu;
            break;
        case NVML_VALUE_TYPE_UNSIGNED_INT:
            value.uiVal = plausible(field, gpu);
            break;
        case NVML_VALUE_TYPE_UNSIGNED_LONG:
            value.ulVal = 10000000000 * field + gpu;
            break;
        case NVML_VALUE_TYPE_SIGNED_LONG_LONG:
            value.sllVal = -10000000000 * field - gpu;
            break;
        case NVML_VALUE_TYPE_SIGNED_INT:
            value.siVal = -(int)(field % 10) - 10 * (int)gpu;
            break;
        case NVML_VALUE_TYPE_UNSIGNED_SHORT:
            value.usVal = (unsigned short)(field + gpu);
            break;
        default:
            value.ullVal = 10000000000 * field + 1000 * (scope & 0xff) + gpu;
    }
    return value;
}

static bool isKnown(unsigned int field) {
    return field <= LAST_KNOWN_FIELD || (field >= FIRST_FIELD_BY_TYPE && field <= LAST_FIELD_BY_TYPE);
}

/* The call succeeds whatever the single values say; one that is not known leaves its value and time alone. */
nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t device, int valuesCount, nvmlFieldValue_t *values) {
    DEVICE_CALL(device);
    REQUIRE(valuesCount > 0 && values != NULL);
    for (int i = 0; i < valuesCount; i++) {
        nvmlFieldValue_t *answer = &values[i];
        if (!isKnown(answer->fieldId)) {
            answer->nvmlReturn = NVML_ERROR_NOT_SUPPORTED;
            continue;
        }
        answer->timestamp = 1700000000000000 + answer->fieldId;
        answer->latencyUsec = 20000000000 + answer->fieldId;
        answer->valueType = typeOf(answer->fieldId);
        answer->nvmlReturn = NVML_SUCCESS;
        answer->value = valueOf(answer->fieldId, answer->scopeId, gpu);
    }
    return NVML_SUCCESS;
}
