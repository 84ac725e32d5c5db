/*
 * The part of NVML's binary interface that the exporter calls, written down a second time: Java says it in
 * NvmlLibrary, NvmlStructs and NvmlConstants, this file in C, and the tests hold the two against each other.
 * Sizes and offsets are literals that no code of ours computed; x86_64 and aarch64 agree on all of them.
 */
#ifndef GPU_EXPORTER_TEST_NVML_H
#define GPU_EXPORTER_TEST_NVML_H

#include <stddef.h>

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), "sizeof " #type)
#define AT(type, member, offset) _Static_assert(offsetof(type, member) == (offset), "offsetof " #type "." #member)

/* Return codes that this library answers. */

typedef unsigned int nvmlReturn_t;

#define NVML_SUCCESS 0
#define NVML_ERROR_UNINITIALIZED 1
#define NVML_ERROR_INVALID_ARGUMENT 2
#define NVML_ERROR_NOT_SUPPORTED 3
#define NVML_ERROR_NO_PERMISSION 4
#define NVML_ERROR_NOT_FOUND 6
#define NVML_ERROR_INSUFFICIENT_SIZE 7
#define NVML_ERROR_TIMEOUT 10
#define NVML_ERROR_GPU_IS_LOST 15
#define NVML_ERROR_MEMORY 20
#define NVML_ERROR_ARGUMENT_VERSION_MISMATCH 25

/* C's enums are as wide as an unsigned int, and take any number: so they are just that here. */

typedef unsigned int nvmlEnableState_t;
typedef unsigned int nvmlBrandType_t;
typedef unsigned int nvmlDeviceArchitecture_t;
typedef unsigned int nvmlPstates_t;
typedef unsigned int nvmlTemperatureSensors_t;
typedef unsigned int nvmlTemperatureThresholds_t;
typedef unsigned int nvmlClockType_t;
typedef unsigned int nvmlInforomObject_t;
typedef unsigned int nvmlPerfPolicyType_t;
typedef unsigned int nvmlMemoryErrorType_t;
typedef unsigned int nvmlEccCounterType_t;
typedef unsigned int nvmlMemoryLocation_t;
typedef unsigned int nvmlPcieUtilCounter_t;
typedef unsigned int nvmlNvLinkErrorCounter_t;
typedef unsigned int nvmlIntNvLinkDeviceType_t;
typedef unsigned int nvmlGpuP2PCapsIndex_t;
typedef unsigned int nvmlGpuP2PStatus_t;
typedef unsigned int nvmlValueType_t;
typedef unsigned int nvmlSamplingType_t;
typedef unsigned int nvmlComputeMode_t;
typedef unsigned int nvmlGpuVirtualizationMode_t;
typedef unsigned int nvmlVgpuInstance_t;

#define NVML_VALUE_TYPE_DOUBLE 0
#define NVML_VALUE_TYPE_UNSIGNED_INT 1
#define NVML_VALUE_TYPE_UNSIGNED_LONG 2
#define NVML_VALUE_TYPE_UNSIGNED_LONG_LONG 3
#define NVML_VALUE_TYPE_SIGNED_LONG_LONG 4
#define NVML_VALUE_TYPE_SIGNED_INT 5
#define NVML_VALUE_TYPE_UNSIGNED_SHORT 6

/* Field ids whose values are not 64-bit counters. */

#define NVML_FI_DEV_NVLINK_LINK_COUNT 91
#define NVML_FI_DEV_MEMORY_TEMP 82
#define NVML_FI_DEV_NVLINK_GET_SPEED 164
#define NVML_FI_DEV_NVLINK_GET_STATE 165
#define NVML_FI_DEV_NVLINK_GET_VERSION 166
#define NVML_FI_DEV_POWER_AVERAGE 185
#define NVML_FI_DEV_POWER_REQUESTED_LIMIT 192
#define NVML_FI_DEV_TEMPERATURE_SHUTDOWN_TLIMIT 193
#define NVML_FI_DEV_TEMPERATURE_GPU_MAX_TLIMIT 196

typedef struct nvmlDevice_st *nvmlDevice_t;
typedef struct nvmlEventSet_st *nvmlEventSet_t;

/* Structs, each with its size and offsets. */

typedef struct {
    char busIdLegacy[16];
    unsigned int domain;
    unsigned int bus;
    unsigned int device;
    unsigned int pciDeviceId;
    unsigned int pciSubSystemId;
    char busId[32];
} nvmlPciInfo_t;
SIZE(nvmlPciInfo_t, 68);
AT(nvmlPciInfo_t, busIdLegacy, 0);
AT(nvmlPciInfo_t, domain, 16);
AT(nvmlPciInfo_t, bus, 20);
AT(nvmlPciInfo_t, device, 24);
AT(nvmlPciInfo_t, pciDeviceId, 28);
AT(nvmlPciInfo_t, pciSubSystemId, 32);
AT(nvmlPciInfo_t, busId, 36);

typedef struct {
    unsigned int gpu;
    unsigned int memory;
} nvmlUtilization_t;
SIZE(nvmlUtilization_t, 8);
AT(nvmlUtilization_t, gpu, 0);
AT(nvmlUtilization_t, memory, 4);

typedef struct {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
} nvmlMemory_t;
SIZE(nvmlMemory_t, 24);
AT(nvmlMemory_t, total, 0);
AT(nvmlMemory_t, free, 8);
AT(nvmlMemory_t, used, 16);

typedef struct {
    unsigned int version;
    unsigned long long total;
    unsigned long long reserved;
    unsigned long long free;
    unsigned long long used;
} nvmlMemory_v2_t;
SIZE(nvmlMemory_v2_t, 40);
AT(nvmlMemory_v2_t, version, 0);
AT(nvmlMemory_v2_t, total, 8);
AT(nvmlMemory_v2_t, reserved, 16);
AT(nvmlMemory_v2_t, free, 24);
AT(nvmlMemory_v2_t, used, 32);

typedef struct {
    unsigned long long bar1Total;
    unsigned long long bar1Free;
    unsigned long long bar1Used;
} nvmlBAR1Memory_t;
SIZE(nvmlBAR1Memory_t, 24);
AT(nvmlBAR1Memory_t, bar1Total, 0);
AT(nvmlBAR1Memory_t, bar1Free, 8);
AT(nvmlBAR1Memory_t, bar1Used, 16);

typedef struct {
    unsigned int version;
    nvmlTemperatureSensors_t sensorType;
    int temperature;
} nvmlTemperature_v1_t;
SIZE(nvmlTemperature_v1_t, 12);
AT(nvmlTemperature_v1_t, version, 0);
AT(nvmlTemperature_v1_t, sensorType, 4);
AT(nvmlTemperature_v1_t, temperature, 8);

typedef struct {
    unsigned int version;
    int marginTemperature;
} nvmlMarginTemperature_v1_t;
SIZE(nvmlMarginTemperature_v1_t, 8);
AT(nvmlMarginTemperature_v1_t, version, 0);
AT(nvmlMarginTemperature_v1_t, marginTemperature, 4);

typedef struct {
    unsigned long long referenceTime;
    unsigned long long violationTime;
} nvmlViolationTime_t;
SIZE(nvmlViolationTime_t, 16);
AT(nvmlViolationTime_t, referenceTime, 0);
AT(nvmlViolationTime_t, violationTime, 8);

typedef union {
    double dVal;
    int siVal;
    unsigned int uiVal;
    unsigned long ulVal;
    unsigned long long ullVal;
    signed long long sllVal;
    unsigned short usVal;
} nvmlValue_t;
SIZE(nvmlValue_t, 8);

typedef struct {
    unsigned int fieldId;
    unsigned int scopeId;
    long long timestamp;
    long long latencyUsec;
    nvmlValueType_t valueType;
    nvmlReturn_t nvmlReturn;
    nvmlValue_t value;
} nvmlFieldValue_t;
SIZE(nvmlFieldValue_t, 40);
AT(nvmlFieldValue_t, fieldId, 0);
AT(nvmlFieldValue_t, scopeId, 4);
AT(nvmlFieldValue_t, timestamp, 8);
AT(nvmlFieldValue_t, latencyUsec, 16);
AT(nvmlFieldValue_t, valueType, 24);
AT(nvmlFieldValue_t, nvmlReturn, 28);
AT(nvmlFieldValue_t, value, 32);

typedef struct {
    unsigned int max;
    unsigned int high;
    unsigned int partial;
    unsigned int low;
    unsigned int none;
} nvmlRowRemapperHistogramValues_t;
SIZE(nvmlRowRemapperHistogramValues_t, 20);
AT(nvmlRowRemapperHistogramValues_t, max, 0);
AT(nvmlRowRemapperHistogramValues_t, high, 4);
AT(nvmlRowRemapperHistogramValues_t, partial, 8);
AT(nvmlRowRemapperHistogramValues_t, low, 12);
AT(nvmlRowRemapperHistogramValues_t, none, 16);

typedef struct {
    unsigned int version;
    unsigned long long aggregateUncParity;
    unsigned long long aggregateUncSecDed;
    unsigned long long aggregateCor;
    unsigned long long volatileUncParity;
    unsigned long long volatileUncSecDed;
    unsigned long long volatileCor;
    unsigned long long aggregateUncBucketL2;
    unsigned long long aggregateUncBucketSm;
    unsigned long long aggregateUncBucketPcie;
    unsigned long long aggregateUncBucketMcu;
    unsigned long long aggregateUncBucketOther;
    unsigned int bThresholdExceeded;
} nvmlEccSramErrorStatus_v1_t;
SIZE(nvmlEccSramErrorStatus_v1_t, 104);
AT(nvmlEccSramErrorStatus_v1_t, version, 0);
AT(nvmlEccSramErrorStatus_v1_t, aggregateUncParity, 8);
AT(nvmlEccSramErrorStatus_v1_t, aggregateUncSecDed, 16);
AT(nvmlEccSramErrorStatus_v1_t, aggregateCor, 24);
AT(nvmlEccSramErrorStatus_v1_t, volatileUncParity, 32);
AT(nvmlEccSramErrorStatus_v1_t, volatileUncSecDed, 40);
AT(nvmlEccSramErrorStatus_v1_t, volatileCor, 48);
AT(nvmlEccSramErrorStatus_v1_t, aggregateUncBucketL2, 56);
AT(nvmlEccSramErrorStatus_v1_t, aggregateUncBucketSm, 64);
AT(nvmlEccSramErrorStatus_v1_t, aggregateUncBucketPcie, 72);
AT(nvmlEccSramErrorStatus_v1_t, aggregateUncBucketMcu, 80);
AT(nvmlEccSramErrorStatus_v1_t, aggregateUncBucketOther, 88);
AT(nvmlEccSramErrorStatus_v1_t, bThresholdExceeded, 96);

typedef struct {
    unsigned long long timeStamp;
    nvmlValue_t sampleValue;
} nvmlSample_t;
SIZE(nvmlSample_t, 16);
AT(nvmlSample_t, timeStamp, 0);
AT(nvmlSample_t, sampleValue, 8);

typedef struct {
    unsigned int isC2cEnabled;
} nvmlC2cModeInfo_v1_t;
SIZE(nvmlC2cModeInfo_v1_t, 4);
AT(nvmlC2cModeInfo_v1_t, isC2cEnabled, 0);

typedef struct {
    unsigned int version;
    unsigned char ibGuid[16];
    unsigned char chassisSerialNumber[16];
    unsigned char slotNumber;
    unsigned char trayIndex;
    unsigned char hostId;
    unsigned char peerType;
    unsigned char moduleId;
} nvmlPlatformInfo_v2_t;
SIZE(nvmlPlatformInfo_v2_t, 44);
AT(nvmlPlatformInfo_v2_t, version, 0);
AT(nvmlPlatformInfo_v2_t, ibGuid, 4);
AT(nvmlPlatformInfo_v2_t, chassisSerialNumber, 20);
AT(nvmlPlatformInfo_v2_t, slotNumber, 36);
AT(nvmlPlatformInfo_v2_t, trayIndex, 37);
AT(nvmlPlatformInfo_v2_t, hostId, 38);
AT(nvmlPlatformInfo_v2_t, peerType, 39);
AT(nvmlPlatformInfo_v2_t, moduleId, 40);

typedef struct {
    nvmlVgpuInstance_t vgpuInstance;
    unsigned long long timeStamp;
    nvmlValue_t smUtil;
    nvmlValue_t memUtil;
    nvmlValue_t encUtil;
    nvmlValue_t decUtil;
} nvmlVgpuInstanceUtilizationSample_t;
SIZE(nvmlVgpuInstanceUtilizationSample_t, 48);
AT(nvmlVgpuInstanceUtilizationSample_t, vgpuInstance, 0);
AT(nvmlVgpuInstanceUtilizationSample_t, timeStamp, 8);
AT(nvmlVgpuInstanceUtilizationSample_t, smUtil, 16);
AT(nvmlVgpuInstanceUtilizationSample_t, memUtil, 24);
AT(nvmlVgpuInstanceUtilizationSample_t, encUtil, 32);
AT(nvmlVgpuInstanceUtilizationSample_t, decUtil, 40);

typedef struct {
    unsigned int year;
    unsigned short month;
    unsigned short day;
    unsigned short hour;
    unsigned short min;
    unsigned short sec;
    unsigned char status;
} nvmlVgpuLicenseExpiry_t;
SIZE(nvmlVgpuLicenseExpiry_t, 16);

typedef struct {
    unsigned char isLicensed;
    nvmlVgpuLicenseExpiry_t licenseExpiry;
    unsigned int currentState;
} nvmlVgpuLicenseInfo_t;
SIZE(nvmlVgpuLicenseInfo_t, 24);
AT(nvmlVgpuLicenseInfo_t, isLicensed, 0);
AT(nvmlVgpuLicenseInfo_t, licenseExpiry, 4);
AT(nvmlVgpuLicenseInfo_t, currentState, 20);

typedef struct {
    unsigned char clusterUuid[16];
    nvmlReturn_t status;
    unsigned int cliqueId;
    unsigned char state;
} nvmlGpuFabricInfo_t;
SIZE(nvmlGpuFabricInfo_t, 28);
AT(nvmlGpuFabricInfo_t, clusterUuid, 0);
AT(nvmlGpuFabricInfo_t, status, 16);
AT(nvmlGpuFabricInfo_t, cliqueId, 20);
AT(nvmlGpuFabricInfo_t, state, 24);

typedef struct {
    unsigned int version;
    unsigned char clusterUuid[16];
    nvmlReturn_t status;
    unsigned int cliqueId;
    unsigned char state;
    unsigned int healthMask;
} nvmlGpuFabricInfo_v2_t;
SIZE(nvmlGpuFabricInfo_v2_t, 36);
AT(nvmlGpuFabricInfo_v2_t, version, 0);
AT(nvmlGpuFabricInfo_v2_t, clusterUuid, 4);
AT(nvmlGpuFabricInfo_v2_t, status, 20);
AT(nvmlGpuFabricInfo_v2_t, cliqueId, 24);
AT(nvmlGpuFabricInfo_v2_t, state, 28);
AT(nvmlGpuFabricInfo_v2_t, healthMask, 32);

typedef struct {
    unsigned int version;
    unsigned char clusterUuid[16];
    nvmlReturn_t status;
    unsigned int cliqueId;
    unsigned char state;
    unsigned int healthMask;
    unsigned char healthSummary;
} nvmlGpuFabricInfo_v3_t;
SIZE(nvmlGpuFabricInfo_v3_t, 40);
AT(nvmlGpuFabricInfo_v3_t, version, 0);
AT(nvmlGpuFabricInfo_v3_t, clusterUuid, 4);
AT(nvmlGpuFabricInfo_v3_t, status, 20);
AT(nvmlGpuFabricInfo_v3_t, cliqueId, 24);
AT(nvmlGpuFabricInfo_v3_t, state, 28);
AT(nvmlGpuFabricInfo_v3_t, healthMask, 32);
AT(nvmlGpuFabricInfo_v3_t, healthSummary, 36);

/* Structs of functions that are not called yet. */

typedef struct {
    nvmlDevice_t device;
    unsigned long long eventType;
    unsigned long long eventData;
    unsigned int gpuInstanceId;
    unsigned int computeInstanceId;
} nvmlEventData_t;
SIZE(nvmlEventData_t, 32);
AT(nvmlEventData_t, device, 0);
AT(nvmlEventData_t, eventType, 8);
AT(nvmlEventData_t, eventData, 16);
AT(nvmlEventData_t, gpuInstanceId, 24);
AT(nvmlEventData_t, computeInstanceId, 28);

typedef struct {
    unsigned int pid;
    unsigned long long usedGpuMemory;
} nvmlProcessInfo_v1_t;
SIZE(nvmlProcessInfo_v1_t, 16);
AT(nvmlProcessInfo_v1_t, pid, 0);
AT(nvmlProcessInfo_v1_t, usedGpuMemory, 8);

typedef struct {
    unsigned int pid;
    unsigned long long usedGpuMemory;
    unsigned int gpuInstanceId;
    unsigned int computeInstanceId;
} nvmlProcessInfo_v2_t;
SIZE(nvmlProcessInfo_v2_t, 24);
AT(nvmlProcessInfo_v2_t, pid, 0);
AT(nvmlProcessInfo_v2_t, usedGpuMemory, 8);
AT(nvmlProcessInfo_v2_t, gpuInstanceId, 16);
AT(nvmlProcessInfo_v2_t, computeInstanceId, 20);

typedef struct {
    unsigned int pid;
    unsigned long long timeStamp;
    unsigned int smUtil;
    unsigned int memUtil;
    unsigned int encUtil;
    unsigned int decUtil;
} nvmlProcessUtilizationSample_t;
SIZE(nvmlProcessUtilizationSample_t, 32);
AT(nvmlProcessUtilizationSample_t, pid, 0);
AT(nvmlProcessUtilizationSample_t, timeStamp, 8);
AT(nvmlProcessUtilizationSample_t, smUtil, 16);
AT(nvmlProcessUtilizationSample_t, memUtil, 20);
AT(nvmlProcessUtilizationSample_t, encUtil, 24);
AT(nvmlProcessUtilizationSample_t, decUtil, 28);

typedef struct {
    unsigned long long timeStamp;
    unsigned int pid;
    unsigned int smUtil;
    unsigned int memUtil;
    unsigned int encUtil;
    unsigned int decUtil;
    unsigned int jpgUtil;
    unsigned int ofaUtil;
} nvmlProcessUtilizationInfo_v1_t;
SIZE(nvmlProcessUtilizationInfo_v1_t, 40);
AT(nvmlProcessUtilizationInfo_v1_t, timeStamp, 0);
AT(nvmlProcessUtilizationInfo_v1_t, pid, 8);
AT(nvmlProcessUtilizationInfo_v1_t, smUtil, 12);
AT(nvmlProcessUtilizationInfo_v1_t, memUtil, 16);
AT(nvmlProcessUtilizationInfo_v1_t, encUtil, 20);
AT(nvmlProcessUtilizationInfo_v1_t, decUtil, 24);
AT(nvmlProcessUtilizationInfo_v1_t, jpgUtil, 28);
AT(nvmlProcessUtilizationInfo_v1_t, ofaUtil, 32);

typedef struct {
    unsigned int version;
    unsigned int processSamplesCount;
    unsigned long long lastSeenTimeStamp;
    nvmlProcessUtilizationInfo_v1_t *procUtilArray;
} nvmlProcessesUtilizationInfo_v1_t;
SIZE(nvmlProcessesUtilizationInfo_v1_t, 24);
AT(nvmlProcessesUtilizationInfo_v1_t, version, 0);
AT(nvmlProcessesUtilizationInfo_v1_t, processSamplesCount, 4);
AT(nvmlProcessesUtilizationInfo_v1_t, lastSeenTimeStamp, 8);
AT(nvmlProcessesUtilizationInfo_v1_t, procUtilArray, 16);

/* Structs of functions that are not called yet. */

typedef struct {
    unsigned int multiprocessorCount;
    unsigned int sharedCopyEngineCount;
    unsigned int sharedDecoderCount;
    unsigned int sharedEncoderCount;
    unsigned int sharedJpegCount;
    unsigned int sharedOfaCount;
    unsigned int gpuInstanceSliceCount;
    unsigned int computeInstanceSliceCount;
    unsigned long long memorySizeMB;
} nvmlDeviceAttributes_t;
SIZE(nvmlDeviceAttributes_t, 40);
AT(nvmlDeviceAttributes_t, multiprocessorCount, 0);
AT(nvmlDeviceAttributes_t, sharedCopyEngineCount, 4);
AT(nvmlDeviceAttributes_t, sharedDecoderCount, 8);
AT(nvmlDeviceAttributes_t, sharedEncoderCount, 12);
AT(nvmlDeviceAttributes_t, sharedJpegCount, 16);
AT(nvmlDeviceAttributes_t, sharedOfaCount, 20);
AT(nvmlDeviceAttributes_t, gpuInstanceSliceCount, 24);
AT(nvmlDeviceAttributes_t, computeInstanceSliceCount, 28);
AT(nvmlDeviceAttributes_t, memorySizeMB, 32);

typedef struct {
    unsigned int version;
    unsigned int isSupportedDevice;
} nvmlGpmSupport_t;
SIZE(nvmlGpmSupport_t, 8);
AT(nvmlGpmSupport_t, version, 0);
AT(nvmlGpmSupport_t, isSupportedDevice, 4);

typedef struct {
    char *shortName;
    char *longName;
    char *unit;
} nvmlGpmMetricInfo_t;
SIZE(nvmlGpmMetricInfo_t, 24);
AT(nvmlGpmMetricInfo_t, shortName, 0);
AT(nvmlGpmMetricInfo_t, longName, 8);
AT(nvmlGpmMetricInfo_t, unit, 16);

typedef struct {
    unsigned int metricId;
    nvmlReturn_t nvmlReturn;
    double value;
    nvmlGpmMetricInfo_t metricInfo;
} nvmlGpmMetric_t;
SIZE(nvmlGpmMetric_t, 40);
AT(nvmlGpmMetric_t, metricId, 0);
AT(nvmlGpmMetric_t, nvmlReturn, 4);
AT(nvmlGpmMetric_t, value, 8);
AT(nvmlGpmMetric_t, metricInfo, 16);

typedef struct nvmlGpmSample_st *nvmlGpmSample_t;

#define NVML_GPM_METRIC_MAX 477

typedef struct {
    unsigned int version;
    unsigned int numMetrics;
    nvmlGpmSample_t sample1;
    nvmlGpmSample_t sample2;
    nvmlGpmMetric_t metrics[NVML_GPM_METRIC_MAX];
} nvmlGpmMetricsGet_t;
SIZE(nvmlGpmMetricsGet_t, 19104);
AT(nvmlGpmMetricsGet_t, version, 0);
AT(nvmlGpmMetricsGet_t, numMetrics, 4);
AT(nvmlGpmMetricsGet_t, sample1, 8);
AT(nvmlGpmMetricsGet_t, sample2, 16);
AT(nvmlGpmMetricsGet_t, metrics, 24);

/* Functions. */

nvmlReturn_t nvmlInit_v2(void);
nvmlReturn_t nvmlShutdown(void);
nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length);
nvmlReturn_t nvmlSystemGetNVMLVersion(char *version, unsigned int length);
nvmlReturn_t nvmlSystemGetCudaDriverVersion_v2(int *cudaDriverVersion);
nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *deviceCount);
nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device);

nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t, char *uuid, unsigned int length);
nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t, char *name, unsigned int length);
nvmlReturn_t nvmlDeviceGetSerial(nvmlDevice_t, char *serial, unsigned int length);
nvmlReturn_t nvmlDeviceGetVbiosVersion(nvmlDevice_t, char *version, unsigned int length);
nvmlReturn_t nvmlDeviceGetInforomImageVersion(nvmlDevice_t, char *version, unsigned int length);
nvmlReturn_t nvmlDeviceGetInforomVersion(nvmlDevice_t, nvmlInforomObject_t, char *version, unsigned int length);
nvmlReturn_t nvmlDeviceGetMinorNumber(nvmlDevice_t, unsigned int *minorNumber);
nvmlReturn_t nvmlDeviceGetBrand(nvmlDevice_t, nvmlBrandType_t *type);
nvmlReturn_t nvmlDeviceGetArchitecture(nvmlDevice_t, nvmlDeviceArchitecture_t *arch);
nvmlReturn_t nvmlDeviceGetCudaComputeCapability(nvmlDevice_t, int *major, int *minor);
nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t, nvmlPciInfo_t *pci);
nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t, unsigned int *currentMode, unsigned int *pendingMode);

nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t, nvmlUtilization_t *utilization);
nvmlReturn_t nvmlDeviceGetEncoderUtilization(nvmlDevice_t, unsigned int *utilization, unsigned int *samplingPeriodUs);
nvmlReturn_t nvmlDeviceGetDecoderUtilization(nvmlDevice_t, unsigned int *utilization, unsigned int *samplingPeriodUs);
nvmlReturn_t nvmlDeviceGetJpgUtilization(nvmlDevice_t, unsigned int *utilization, unsigned int *samplingPeriodUs);
nvmlReturn_t nvmlDeviceGetOfaUtilization(nvmlDevice_t, unsigned int *utilization, unsigned int *samplingPeriodUs);
nvmlReturn_t nvmlDeviceGetPerformanceState(nvmlDevice_t, nvmlPstates_t *pState);

nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t, nvmlMemory_t *memory);
nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t, nvmlMemory_v2_t *memory);
nvmlReturn_t nvmlDeviceGetBAR1MemoryInfo(nvmlDevice_t, nvmlBAR1Memory_t *bar1Memory);

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t, nvmlTemperatureSensors_t, unsigned int *temp);
nvmlReturn_t nvmlDeviceGetTemperatureV(nvmlDevice_t, nvmlTemperature_v1_t *temperature);
nvmlReturn_t nvmlDeviceGetTemperatureThreshold(nvmlDevice_t, nvmlTemperatureThresholds_t, unsigned int *temp);
nvmlReturn_t nvmlDeviceGetMarginTemperature(nvmlDevice_t, nvmlMarginTemperature_v1_t *marginTempInfo);
nvmlReturn_t nvmlDeviceGetNumFans(nvmlDevice_t, unsigned int *numFans);
nvmlReturn_t nvmlDeviceGetFanSpeed_v2(nvmlDevice_t, unsigned int fan, unsigned int *speed);

nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t, unsigned int *power);
nvmlReturn_t nvmlDeviceGetPowerManagementLimit(nvmlDevice_t, unsigned int *limit);
nvmlReturn_t nvmlDeviceGetPowerManagementDefaultLimit(nvmlDevice_t, unsigned int *defaultLimit);
nvmlReturn_t nvmlDeviceGetPowerManagementLimitConstraints(nvmlDevice_t, unsigned int *minLimit, unsigned int *maxLimit);
nvmlReturn_t nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t, unsigned int *limit);
nvmlReturn_t nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t, unsigned long long *energy);

nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t, nvmlClockType_t, unsigned int *clock);
nvmlReturn_t nvmlDeviceGetMaxClockInfo(nvmlDevice_t, nvmlClockType_t, unsigned int *clock);
nvmlReturn_t nvmlDeviceGetApplicationsClock(nvmlDevice_t, nvmlClockType_t, unsigned int *clockMHz);
nvmlReturn_t nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t, unsigned long long *clocksEventReasons);
nvmlReturn_t nvmlDeviceGetCurrentClocksThrottleReasons(nvmlDevice_t, unsigned long long *clocksThrottleReasons);
nvmlReturn_t nvmlDeviceGetSupportedClocksEventReasons(nvmlDevice_t, unsigned long long *supportedReasons);
nvmlReturn_t nvmlDeviceGetSupportedClocksThrottleReasons(nvmlDevice_t, unsigned long long *supportedReasons);
nvmlReturn_t nvmlDeviceGetViolationStatus(nvmlDevice_t, nvmlPerfPolicyType_t, nvmlViolationTime_t *violTime);

nvmlReturn_t nvmlDeviceGetEccMode(nvmlDevice_t, nvmlEnableState_t *current, nvmlEnableState_t *pending);
nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t, nvmlMemoryErrorType_t, nvmlEccCounterType_t,
                                         unsigned long long *eccCounts);
nvmlReturn_t nvmlDeviceGetMemoryErrorCounter(nvmlDevice_t, nvmlMemoryErrorType_t, nvmlEccCounterType_t,
                                             nvmlMemoryLocation_t, unsigned long long *count);

nvmlReturn_t nvmlDeviceGetRemappedRows(nvmlDevice_t, unsigned int *corrRows, unsigned int *uncRows,
                                       unsigned int *isPending, unsigned int *failureOccurred);
nvmlReturn_t nvmlDeviceGetRowRemapperHistogram(nvmlDevice_t, nvmlRowRemapperHistogramValues_t *values);
nvmlReturn_t nvmlDeviceGetSramEccErrorStatus(nvmlDevice_t, nvmlEccSramErrorStatus_v1_t *status);

nvmlReturn_t nvmlDeviceGetCurrPcieLinkGeneration(nvmlDevice_t, unsigned int *currLinkGen);
nvmlReturn_t nvmlDeviceGetMaxPcieLinkGeneration(nvmlDevice_t, unsigned int *maxLinkGen);
nvmlReturn_t nvmlDeviceGetCurrPcieLinkWidth(nvmlDevice_t, unsigned int *currLinkWidth);
nvmlReturn_t nvmlDeviceGetMaxPcieLinkWidth(nvmlDevice_t, unsigned int *maxLinkWidth);
nvmlReturn_t nvmlDeviceGetPcieReplayCounter(nvmlDevice_t, unsigned int *value);
nvmlReturn_t nvmlDeviceGetPcieThroughput(nvmlDevice_t, nvmlPcieUtilCounter_t, unsigned int *value);

nvmlReturn_t nvmlDeviceGetNvLinkState(nvmlDevice_t, unsigned int link, nvmlEnableState_t *isActive);
nvmlReturn_t nvmlDeviceGetNvLinkVersion(nvmlDevice_t, unsigned int link, unsigned int *version);
nvmlReturn_t nvmlDeviceGetNvLinkRemoteDeviceType(nvmlDevice_t, unsigned int link, nvmlIntNvLinkDeviceType_t *type);
nvmlReturn_t nvmlDeviceGetNvLinkRemotePciInfo_v2(nvmlDevice_t, unsigned int link, nvmlPciInfo_t *pci);
nvmlReturn_t nvmlDeviceGetNvLinkErrorCounter(nvmlDevice_t, unsigned int link, nvmlNvLinkErrorCounter_t,
                                             unsigned long long *counterValue);
nvmlReturn_t nvmlDeviceGetP2PStatus(nvmlDevice_t device1, nvmlDevice_t device2, nvmlGpuP2PCapsIndex_t,
                                    nvmlGpuP2PStatus_t *p2pStatus);
nvmlReturn_t nvmlDeviceGetGpuFabricInfo(nvmlDevice_t, nvmlGpuFabricInfo_t *gpuFabricInfo);
nvmlReturn_t nvmlDeviceGetGpuFabricInfoV(nvmlDevice_t, nvmlGpuFabricInfo_v2_t *gpuFabricInfo);

nvmlReturn_t nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t, unsigned int *count);
nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t, unsigned int index, nvmlDevice_t *migDevice);
nvmlReturn_t nvmlDeviceGetGpuInstanceId(nvmlDevice_t, unsigned int *id);
nvmlReturn_t nvmlDeviceGetComputeInstanceId(nvmlDevice_t, unsigned int *id);
nvmlReturn_t nvmlDeviceGetAttributes_v2(nvmlDevice_t, nvmlDeviceAttributes_t *attributes);

nvmlReturn_t nvmlGpmQueryDeviceSupport(nvmlDevice_t, nvmlGpmSupport_t *gpmSupport);
nvmlReturn_t nvmlGpmSampleAlloc(nvmlGpmSample_t *gpmSample);
nvmlReturn_t nvmlGpmSampleFree(nvmlGpmSample_t gpmSample);
nvmlReturn_t nvmlGpmSampleGet(nvmlDevice_t, nvmlGpmSample_t gpmSample);
nvmlReturn_t nvmlGpmMigSampleGet(nvmlDevice_t, unsigned int gpuInstanceId, nvmlGpmSample_t gpmSample);
nvmlReturn_t nvmlGpmMetricsGet(nvmlGpmMetricsGet_t *metricsGet);
nvmlReturn_t nvmlDeviceGetComputeRunningProcesses(nvmlDevice_t, unsigned int *infoCount, nvmlProcessInfo_v1_t *infos);
nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v2(nvmlDevice_t, unsigned int *, nvmlProcessInfo_v2_t *);
nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t, unsigned int *, nvmlProcessInfo_v2_t *);
nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses(nvmlDevice_t, unsigned int *, nvmlProcessInfo_v1_t *);
nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v2(nvmlDevice_t, unsigned int *, nvmlProcessInfo_v2_t *);
nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t, unsigned int *, nvmlProcessInfo_v2_t *);
nvmlReturn_t nvmlDeviceGetMPSComputeRunningProcesses(nvmlDevice_t, unsigned int *, nvmlProcessInfo_v1_t *);
nvmlReturn_t nvmlDeviceGetMPSComputeRunningProcesses_v2(nvmlDevice_t, unsigned int *, nvmlProcessInfo_v2_t *);
nvmlReturn_t nvmlDeviceGetMPSComputeRunningProcesses_v3(nvmlDevice_t, unsigned int *, nvmlProcessInfo_v2_t *);
nvmlReturn_t nvmlDeviceGetProcessUtilization(nvmlDevice_t, nvmlProcessUtilizationSample_t *utilization,
                                             unsigned int *processSamplesCount, unsigned long long lastSeenTimeStamp);
nvmlReturn_t nvmlDeviceGetProcessesUtilizationInfo(nvmlDevice_t, nvmlProcessesUtilizationInfo_v1_t *procesesUtilInfo);

nvmlReturn_t nvmlEventSetCreate(nvmlEventSet_t *set);
nvmlReturn_t nvmlDeviceGetSupportedEventTypes(nvmlDevice_t, unsigned long long *eventTypes);
nvmlReturn_t nvmlDeviceRegisterEvents(nvmlDevice_t, unsigned long long eventTypes, nvmlEventSet_t set);
nvmlReturn_t nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t *data, unsigned int timeoutms);
nvmlReturn_t nvmlEventSetFree(nvmlEventSet_t set);

nvmlReturn_t nvmlDeviceGetBoardPartNumber(nvmlDevice_t, char *partNumber, unsigned int length);
nvmlReturn_t nvmlDeviceGetPersistenceMode(nvmlDevice_t, nvmlEnableState_t *mode);
nvmlReturn_t nvmlDeviceGetComputeMode(nvmlDevice_t, nvmlComputeMode_t *mode);
nvmlReturn_t nvmlDeviceGetC2cModeInfoV(nvmlDevice_t, nvmlC2cModeInfo_v1_t *c2cModeInfo);
nvmlReturn_t nvmlDeviceGetPlatformInfo(nvmlDevice_t, nvmlPlatformInfo_v2_t *platformInfo);

nvmlReturn_t nvmlDeviceGetVirtualizationMode(nvmlDevice_t, nvmlGpuVirtualizationMode_t *virtualizationMode);
nvmlReturn_t nvmlDeviceGetActiveVgpus(nvmlDevice_t, unsigned int *vgpuCount, nvmlVgpuInstance_t *vgpuInstances);
nvmlReturn_t nvmlDeviceGetVgpuUtilization(nvmlDevice_t, unsigned long long lastSeenTimeStamp,
                                          nvmlValueType_t *sampleValType, unsigned int *vgpuInstanceSamplesCount,
                                          nvmlVgpuInstanceUtilizationSample_t *utilizationSamples);
nvmlReturn_t nvmlVgpuInstanceGetUUID(nvmlVgpuInstance_t, char *uuid, unsigned int size);
nvmlReturn_t nvmlVgpuInstanceGetFbUsage(nvmlVgpuInstance_t, unsigned long long *fbUsage);
nvmlReturn_t nvmlVgpuInstanceGetLicenseInfo_v2(nvmlVgpuInstance_t, nvmlVgpuLicenseInfo_t *licenseInfo);

nvmlReturn_t nvmlDeviceGetSamples(nvmlDevice_t, nvmlSamplingType_t, unsigned long long lastSeenTimeStamp,
                                  nvmlValueType_t *sampleValType, unsigned int *sampleCount, nvmlSample_t *samples);

nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t, int valuesCount, nvmlFieldValue_t *values);

#endif
