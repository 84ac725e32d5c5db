#define _GNU_SOURCE
#include "driver.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NO_GPU UINT_MAX

static struct {
    unsigned int gpus;
    unsigned int lost;
    unsigned int denied;
    unsigned int delayUs;
    char block[1024];
    int trace;
} behaviour = {.trace = -1};

static struct nvmlDevice_st devices[MAX_GPUS];

/* NVML counts who uses it: as many nvmlShutdown as nvmlInit_v2 make an end. */
static atomic_int users;
static atomic_int inside;

unsigned int number(const char *variable, unsigned int otherwise) {
    const char *value = getenv(variable);
    return value == NULL || *value == '\0' ? otherwise : (unsigned int)strtoul(value, NULL, 10);
}

void readEnvironment(void) {
    unsigned int gpus = number("FAKE_NVML_GPUS", 2);
    behaviour.gpus = gpus < MAX_GPUS ? gpus : MAX_GPUS;
    behaviour.lost = number("FAKE_NVML_LOST", NO_GPU);
    behaviour.denied = number("FAKE_NVML_DENIED", NO_GPU);
    behaviour.delayUs = number("FAKE_NVML_DELAY_US", 0);
    const char *block = getenv("FAKE_NVML_BLOCK");
    snprintf(behaviour.block, sizeof behaviour.block, ",%s,", block == NULL ? "" : block);
    if (behaviour.trace >= 0) {
        close(behaviour.trace);
    }
    const char *trace = getenv("FAKE_NVML_TRACE");
    behaviour.trace = trace == NULL || *trace == '\0' ? -1 : open(trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    for (unsigned int gpu = 0; gpu < MAX_GPUS; gpu++) {
        devices[gpu].index = gpu;
    }
    readEvents();
    readProcesses();
}

/* A line goes out in one write: the threads' lines never mix, and none is lost when the process is killed. */
static void trace(const char *line) {
    if (behaviour.trace >= 0) {
        char text[256];
        int length = snprintf(text, sizeof text, "%s\n", line);
        if (write(behaviour.trace, text, (size_t)length) != length) {
            perror("FAKE_NVML_TRACE");
        }
    }
}

static bool blocks(const char *where) {
    char entry[256];
    snprintf(entry, sizeof entry, ",%s,", where);
    return strstr(behaviour.block, entry) != NULL;
}

/* As in a kernel that waits for a dead GPU: no signal ends it but the one that ends the process. */
static _Noreturn void blockForEver(void) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    for (;;) {
        sleep(UINT_MAX);
    }
}

static void pauseUs(unsigned int us) {
    struct timespec left = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000L};
    while (us > 0 && nanosleep(&left, &left) != 0) {
    }
}

void waitMs(unsigned int ms) {
    pauseUs(ms * 1000);
}

static Call begin(const char *function, unsigned int gpu, nvmlReturn_t code) {
    atomic_fetch_add(&inside, 1);
    char where[128];
    if (gpu == NO_GPU) {
        snprintf(where, sizeof where, "%s", function);
    } else {
        snprintf(where, sizeof where, "%s:%u", function, gpu);
    }
    trace(where);
    if (blocks(function) || blocks(where)) {
        blockForEver();
    }
    pauseUs(behaviour.delayUs);
    return (Call){.code = code, .gpu = gpu};
}

Call enter(const char *function) {
    int others = atomic_load(&inside);
    if (others > 0) {
        char line[128];
        snprintf(line, sizeof line, "VIOLATION %s while %d calls are inside", function, others);
        trace(line);
    }
    return begin(function, NO_GPU, NVML_SUCCESS);
}

static nvmlReturn_t ifInitialized(nvmlReturn_t code) {
    return atomic_load(&users) > 0 ? code : NVML_ERROR_UNINITIALIZED;
}

Call enterInitialized(const char *function) {
    return begin(function, NO_GPU, ifInitialized(NVML_SUCCESS));
}

Call enterGpu(const char *function, unsigned int gpu) {
    nvmlReturn_t code = gpu >= behaviour.gpus ? NVML_ERROR_INVALID_ARGUMENT
                        : isDenied(gpu)       ? NVML_ERROR_NO_PERMISSION
                        : isLost(gpu)         ? NVML_ERROR_GPU_IS_LOST
                                              : NVML_SUCCESS;
    return begin(function, gpu, ifInitialized(code));
}

Call enterDevice(const char *function, nvmlDevice_t device) {
    for (unsigned int gpu = 0; gpu < behaviour.gpus; gpu++) {
        if (device == &devices[gpu]) {
            return begin(function, gpu, ifInitialized(isLost(gpu) ? NVML_ERROR_GPU_IS_LOST : NVML_SUCCESS));
        }
    }
    return begin(function, NO_GPU, ifInitialized(NVML_ERROR_INVALID_ARGUMENT));
}

void leave(Call *call) {
    (void)call;
    atomic_fetch_sub(&inside, 1);
}

void beginUse(void) {
    atomic_fetch_add(&users, 1);
}

nvmlReturn_t endUse(void) {
    int before = atomic_load(&users);
    while (before > 0 && !atomic_compare_exchange_weak(&users, &before, before - 1)) {
    }
    return before > 0 ? NVML_SUCCESS : NVML_ERROR_UNINITIALIZED;
}

unsigned int gpuCount(void) {
    return behaviour.gpus;
}

bool isLost(unsigned int gpu) {
    return gpu == behaviour.lost;
}

bool isDenied(unsigned int gpu) {
    return gpu == behaviour.denied;
}

nvmlDevice_t handleOf(unsigned int gpu) {
    return &devices[gpu];
}
