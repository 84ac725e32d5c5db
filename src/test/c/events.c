/* Events: a set belongs to whoever made it; what FAKE_NVML_EVENTS names is delivered once. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "driver.h"

#define MAX_EVENTS 64

struct nvmlEventSet_st {
    unsigned long long types[MAX_GPUS];
};

typedef struct {
    unsigned int gpu;
    unsigned long long type;
    unsigned long long data;
    unsigned int gpuInstance;
    unsigned int computeInstance;
} Event;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Event pending[MAX_EVENTS];
static unsigned int pendingCount;

void readEvents(void) {
    const char *text = getenv("FAKE_NVML_EVENTS");
    pthread_mutex_lock(&lock);
    pendingCount = 0;
    while (text != NULL && *text != '\0' && pendingCount < MAX_EVENTS) {
        Event event;
        int length = 0;
        if (sscanf(text, "%u:%llu:%llu:%u:%u%n", &event.gpu, &event.type, &event.data, &event.gpuInstance,
                   &event.computeInstance, &length)
            != 5) {
            break;
        }
        pending[pendingCount++] = event;
        text += length;
        text += *text == ',';
    }
    pthread_mutex_unlock(&lock);
}

nvmlReturn_t nvmlEventSetCreate(nvmlEventSet_t *set) {
    SYSTEM_CALL();
    REQUIRE(set != NULL);
    *set = calloc(1, sizeof **set);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlEventSetFree(nvmlEventSet_t set) {
    SYSTEM_CALL();
    REQUIRE(set != NULL);
    free(set);
    return NVML_SUCCESS;
}

/* Single and double bit errors, P-states, Xids and changes of MIG. */
nvmlReturn_t nvmlDeviceGetSupportedEventTypes(nvmlDevice_t device, unsigned long long *eventTypes) {
    DEVICE_CALL(device);
    REQUIRE(eventTypes != NULL);
    *eventTypes = 0x10f;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceRegisterEvents(nvmlDevice_t device, unsigned long long eventTypes, nvmlEventSet_t set) {
    DEVICE_CALL(device);
    REQUIRE(set != NULL);
    if ((eventTypes & ~0x10full) != 0) {
        return NVML_ERROR_NOT_SUPPORTED;
    }
    set->types[gpu] |= eventTypes;
    return NVML_SUCCESS;
}

static bool take(nvmlEventSet_t set, nvmlEventData_t *data) {
    bool found = false;
    pthread_mutex_lock(&lock);
    for (unsigned int i = 0; i < pendingCount && !found; i++) {
        Event event = pending[i];
        found = event.gpu < MAX_GPUS && (set->types[event.gpu] & event.type) != 0;
        if (found) {
            *data = (nvmlEventData_t){handleOf(event.gpu), event.type, event.data, event.gpuInstance,
                                      event.computeInstance};
            pendingCount--;
            for (unsigned int left = i; left < pendingCount; left++) {
                pending[left] = pending[left + 1];
            }
        }
    }
    pthread_mutex_unlock(&lock);
    return found;
}

static bool hasLost(nvmlEventSet_t set) {
    for (unsigned int gpu = 0; gpu < gpuCount(); gpu++) {
        if (set->types[gpu] != 0 && isLost(gpu)) {
            return true;
        }
    }
    return false;
}

nvmlReturn_t nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t *data, unsigned int timeoutms) {
    SYSTEM_CALL();
    REQUIRE(set != NULL && data != NULL);
    /* Nothing comes while it sleeps: what there is was there when NVML was initialized. */
    if (!take(set, data)) {
        if (hasLost(set)) {
            return NVML_ERROR_GPU_IS_LOST;
        }
        waitMs(timeoutms);
        return hasLost(set) ? NVML_ERROR_GPU_IS_LOST : NVML_ERROR_TIMEOUT;
    }
    return NVML_SUCCESS;
}
