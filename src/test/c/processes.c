/*
 * Processes. Drivers have disagreed on how far apart the entries of their lists are: FAKE_NVML_STRIDE is how far, for
 * every version of the functions but the first, whose entries have always been 16 bytes.
 */
#include <string.h>

#include "driver.h"

#define UNKNOWN_MEMORY 0xffffffffffffffffull
#define NO_INSTANCE 0xffffffffu
#define FIRST_VERSION_STRIDE 16

/* As nvmlProcessInfo_t was in some drivers of the 535 series. */
typedef struct {
    unsigned int pid;
    unsigned long long usedGpuMemory;
    unsigned int gpuInstanceId;
    unsigned int computeInstanceId;
    unsigned long long usedGpuCcProtectedMemory;
} WideInfo;
SIZE(WideInfo, 32);

static unsigned int stride;
static unsigned int processes;

void readProcesses(void) {
    stride = number("FAKE_NVML_STRIDE", sizeof(nvmlProcessInfo_v2_t));
    processes = number("FAKE_NVML_PROCESSES", 1);
}

/* The memory of the second process of a list is not known; the third is on no instance, all others on 4/2. */
static WideInfo process(unsigned int firstPid, unsigned int index, unsigned int gpu) {
    return (WideInfo){
        .pid = firstPid + 10 * index + gpu,
        .usedGpuMemory = index == 1 ? UNKNOWN_MEMORY : 7000000000ull + firstPid + index + gpu,
        .gpuInstanceId = index == 2 ? NO_INSTANCE : 4,
        .computeInstanceId = index == 2 ? NO_INSTANCE : 2,
    };
}

static nvmlReturn_t list(unsigned int gpu, unsigned int firstPid, unsigned int step, unsigned int *count, void *infos) {
    REQUIRE(count != NULL);
    unsigned int room = *count;
    *count = processes;
    if (room < processes) {
        return NVML_ERROR_INSUFFICIENT_SIZE;
    }
    REQUIRE(infos != NULL);
    for (unsigned int i = 0; i < processes; i++) {
        WideInfo info = process(firstPid, i, gpu);
        memcpy((char *)infos + (size_t)i * step, &info, step);
    }
    return NVML_SUCCESS;
}

/* LIST: one function, by the version of its entries and the PID of its first process. */
#define LIST(name, type, step, firstPid)                                             \
    nvmlReturn_t name(nvmlDevice_t device, unsigned int *infoCount, type *infos) {   \
        DEVICE_CALL(device);                                                         \
        return list(gpu, (firstPid), (step), infoCount, infos);                      \
    }

LIST(nvmlDeviceGetComputeRunningProcesses, nvmlProcessInfo_v1_t, FIRST_VERSION_STRIDE, 1100)
LIST(nvmlDeviceGetComputeRunningProcesses_v2, nvmlProcessInfo_v2_t, stride, 1200)
LIST(nvmlDeviceGetComputeRunningProcesses_v3, nvmlProcessInfo_v2_t, stride, 1300)
LIST(nvmlDeviceGetGraphicsRunningProcesses, nvmlProcessInfo_v1_t, FIRST_VERSION_STRIDE, 2100)
LIST(nvmlDeviceGetGraphicsRunningProcesses_v2, nvmlProcessInfo_v2_t, stride, 2200)
LIST(nvmlDeviceGetGraphicsRunningProcesses_v3, nvmlProcessInfo_v2_t, stride, 2300)
LIST(nvmlDeviceGetMPSComputeRunningProcesses, nvmlProcessInfo_v1_t, FIRST_VERSION_STRIDE, 3100)
LIST(nvmlDeviceGetMPSComputeRunningProcesses_v2, nvmlProcessInfo_v2_t, stride, 3200)
LIST(nvmlDeviceGetMPSComputeRunningProcesses_v3, nvmlProcessInfo_v2_t, stride, 3300)

/* Utilization, % and µs: of the first process of the compute list; nothing is newer than the time it was sampled. */

#define SAMPLED 1700000000000000ull

nvmlReturn_t nvmlDeviceGetProcessUtilization(nvmlDevice_t device, nvmlProcessUtilizationSample_t *utilization,
                                             unsigned int *processSamplesCount, unsigned long long lastSeenTimeStamp) {
    DEVICE_CALL(device);
    REQUIRE(processSamplesCount != NULL);
    if (lastSeenTimeStamp >= SAMPLED + gpu) {
        return NVML_ERROR_NOT_FOUND;
    }
    unsigned int room = *processSamplesCount;
    *processSamplesCount = 1;
    if (room < 1) {
        return NVML_ERROR_INSUFFICIENT_SIZE;
    }
    REQUIRE(utilization != NULL);
    *utilization = (nvmlProcessUtilizationSample_t){
        .pid = 1300 + gpu,
        .timeStamp = SAMPLED + gpu,
        .smUtil = 11 + gpu,
        .memUtil = 21 + gpu,
        .encUtil = 31 + gpu,
        .decUtil = 41 + gpu,
    };
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetProcessesUtilizationInfo(nvmlDevice_t device, nvmlProcessesUtilizationInfo_v1_t *request) {
    DEVICE_CALL(device);
    REQUIRE(request != NULL);
    if (request->version != 0x01000018) {
        return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    }
    if (request->lastSeenTimeStamp >= SAMPLED + gpu) {
        return NVML_ERROR_NOT_FOUND;
    }
    unsigned int room = request->processSamplesCount;
    request->processSamplesCount = 1;
    if (room < 1) {
        return NVML_ERROR_INSUFFICIENT_SIZE;
    }
    REQUIRE(request->procUtilArray != NULL);
    *request->procUtilArray = (nvmlProcessUtilizationInfo_v1_t){
        .timeStamp = SAMPLED + gpu,
        .pid = 1300 + gpu,
        .smUtil = 12 + gpu,
        .memUtil = 22 + gpu,
        .encUtil = 32 + gpu,
        .decUtil = 42 + gpu,
        .jpgUtil = 52 + gpu,
        .ofaUtil = 62 + gpu,
    };
    return NVML_SUCCESS;
}
