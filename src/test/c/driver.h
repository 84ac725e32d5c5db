/*
 * How the driver behaves that this library stands in for. Every function begins with one of the two macros below; what
 * they do is read from the environment by each nvmlInit_v2:
 *
 *   FAKE_NVML_GPUS=N             how many GPUs there are; 2 unless said
 *   FAKE_NVML_BLOCK=WHERE,...    where a call never returns: FUNCTION:GPU, or FUNCTION on any GPU or on none
 *   FAKE_NVML_DELAY_US=N         how long every call takes
 *   FAKE_NVML_TRACE=FILE         a line for each call is appended there: FUNCTION, or FUNCTION:GPU
 *   FAKE_NVML_LOST=GPU           every call for that GPU answers GPU_IS_LOST
 *   FAKE_NVML_DENIED=GPU         nvmlDeviceGetHandleByIndex_v2 answers NO_PERMISSION for that GPU
 *   FAKE_NVML_EVENTS=EVENT,...   what is delivered once, to the first set of that GPU and type: GPU:TYPE:DATA:GI:CI
 *   FAKE_NVML_STRIDE=BYTES       how far apart the entries of the lists of processes are; 24 unless said
 *   FAKE_NVML_PROCESSES=N        how many processes there are in each list; 1 unless said
 *
 * A call is traced when it begins, whether it returns or not. When NVML is initialized or shut down while another
 * thread is inside a call, which would be fatal with a real driver, the trace says so in a line that begins VIOLATION.
 */
#ifndef GPU_EXPORTER_TEST_DRIVER_H
#define GPU_EXPORTER_TEST_DRIVER_H

#include <stdbool.h>

#include "nvml.h"

#define MAX_GPUS 64

struct nvmlDevice_st {
    unsigned int index;
};

/* One call, from its first line until it returns. */
typedef struct {
    nvmlReturn_t code;
    unsigned int gpu;
} Call;

void readEnvironment(void);
unsigned int number(const char *variable, unsigned int otherwise);
void readEvents(void);
void readProcesses(void);
void waitMs(unsigned int ms);
void beginUse(void);
nvmlReturn_t endUse(void);

unsigned int gpuCount(void);
bool isLost(unsigned int gpu);
bool isDenied(unsigned int gpu);
nvmlDevice_t handleOf(unsigned int gpu);

Call enter(const char *function);
Call enterInitialized(const char *function);
Call enterGpu(const char *function, unsigned int gpu);
Call enterDevice(const char *function, nvmlDevice_t device);
void leave(Call *call);

/* The variable's cleanup makes every return of the function the end of the call. */
#define CALL(entered)                                        \
    __attribute__((cleanup(leave))) Call call = (entered);   \
    if (call.code != NVML_SUCCESS) {                         \
        return call.code;                                    \
    }

#define SYSTEM_CALL() CALL(enterInitialized(__func__))

/* Leaves the GPU's index in a variable "gpu". */
#define DEVICE_CALL(handle)                 \
    CALL(enterDevice(__func__, (handle)))   \
    const unsigned int gpu = call.gpu;      \
    (void)gpu

#define REQUIRE(condition)                     \
    do {                                       \
        if (!(condition)) {                    \
            return NVML_ERROR_INVALID_ARGUMENT; \
        }                                      \
    } while (0)

#endif
