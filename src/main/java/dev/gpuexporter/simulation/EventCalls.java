package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.EventData;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What GPUs tell of on their own: the Xids of a scenario's failures, and corrected memory errors. A wait lasts real
 * time, whatever clock the node has.
 */
interface EventCalls extends SystemCalls {
    /** Between two looks at a node whose time may be stepped; a look costs more than most calls. */
    long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    long NO_INSTANCE = 0xFFFFFFFFL;

    EventSets eventSets();

    @Override
    default int nvmlEventSetCreate(Pointer set) {
        return gate().onNode("nvmlEventSetCreate", () -> {
            Arguments.present(set);
            set.setPointer(0, eventSets().create());
        });
    }

    @Override
    default int nvmlEventSetFree(Pointer set) {
        return gate().onNode("nvmlEventSetFree", () -> eventSets().free(set));
    }

    @Override
    default int nvmlDeviceGetSupportedEventTypes(Pointer device, Pointer eventTypes) {
        return gate().u64("nvmlDeviceGetSupportedEventTypes", device, eventTypes, gpu -> eventSets()
                .supported(gpu));
    }

    @Override
    default int nvmlDeviceRegisterEvents(Pointer device, long eventTypes, Pointer set) {
        return gate().onGpu(
                        "nvmlDeviceRegisterEvents", device, gpu -> eventSets().register(set, gpu, eventTypes));
    }

    @Override
    default int nvmlEventSetWait_v2(Pointer set, Pointer data, int timeoutms) {
        String function = "nvmlEventSetWait_v2";
        return gate().onNode(function, () -> {
            Arguments.present(data);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Integer.toUnsignedLong(timeoutms));
            Optional<EventSets.Event> event = eventSets().take(set);
            for (long left = end - System.nanoTime(); event.isEmpty() && left > 0; left = end - System.nanoTime()) {
                pause(Math.min(left, LOOK_AGAIN_NANOS));
                gate().checkAttached();
                gate().node().failures().check(function);
                event = eventSets().take(set);
            }
            write(event.orElseThrow(() -> new Refusal(NvmlReturn.TIMEOUT)), data);
        });
    }

    private void write(EventSets.Event event, Pointer data) {
        EventData.DEVICE.set(data, Pointer.nativeValue(Gate.handleOf(event.gpu())));
        EventData.EVENT_TYPE.set(data, event.type());
        EventData.EVENT_DATA.set(data, event.data());
        EventData.GPU_INSTANCE_ID.set(data, NO_INSTANCE);
        EventData.COMPUTE_INSTANCE_ID.set(data, NO_INSTANCE);
    }

    private static void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
