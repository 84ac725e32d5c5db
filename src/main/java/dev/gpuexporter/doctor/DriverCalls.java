package dev.gpuexporter.doctor;

import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.nvml.NvmlReturn;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Listens to every call into the driver: what it answered, and which has not returned. Each GPU is read on a thread of its
 * own that begins by asking for the GPU's handle; so a thread tells which GPU a call is about.
 */
public final class DriverCalls {
    private static final String GET_HANDLE = "nvmlDeviceGetHandleByIndex_v2";

    /** Waits, as it should. */
    private static final String WAIT = "nvmlEventSetWait_v2";

    private final Map<Thread, OptionalInt> gpus = new ConcurrentHashMap<>();
    private final Map<Thread, UnderWay> underWay = new ConcurrentHashMap<>();
    private final Set<Answer> answers = ConcurrentHashMap.newKeySet();
    private volatile Optional<NvmlLibrary> library = Optional.empty();

    /**
     * What a function answered at least once.
     *
     * @param gpu its index; empty where the call was about none
     */
    record Answer(OptionalInt gpu, String function, NvmlReturn code) {}

    /** A call that has not returned yet. */
    record UnderWay(String function, long sinceNanos) {
        @Override
        public String toString() {
            return function + ", for " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos) + " s by now";
        }
    }

    /** The same library; its calls are listened to. */
    public NvmlLibrary through(NvmlLibrary loaded) {
        NvmlLibrary heard = (NvmlLibrary) Proxy.newProxyInstance(
                NvmlLibrary.class.getClassLoader(),
                new Class<?>[] {NvmlLibrary.class},
                (proxy, method, arguments) -> call(loaded, method, arguments));
        library = Optional.of(heard);
        return heard;
    }

    /** The library that is listened to; empty before there is one. */
    public Optional<NvmlLibrary> library() {
        return library;
    }

    private Object call(NvmlLibrary loaded, Method method, Object[] arguments) throws Throwable {
        Thread thread = Thread.currentThread();
        String function = method.getName();
        if (function.equals(GET_HANDLE)) {
            gpus.put(thread, OptionalInt.of((Integer) arguments[0]));
        }
        underWay.put(thread, new UnderWay(function, System.nanoTime()));
        try {
            Object answer = method.invoke(loaded, arguments);
            if (answer instanceof Integer code) {
                answers.add(new Answer(gpu(thread), function, NvmlReturn.of(code)));
            }
            return answer;
        } catch (InvocationTargetException e) {
            throw e.getCause(); // a symbol that the library lacks
        } finally {
            underWay.remove(thread);
        }
    }

    private OptionalInt gpu(Thread thread) {
        return gpus.getOrDefault(thread, OptionalInt.empty());
    }

    /** Whether a call has not returned yet that should. */
    public boolean anyUnderWay() {
        return underWay.values().stream().anyMatch(call -> !call.function().equals(WAIT));
    }

    /** The function that this thread is in. */
    Optional<UnderWay> underWay(Thread thread) {
        return Optional.ofNullable(underWay.get(thread));
    }

    /** The function that has not returned yet and is about this GPU, or about none. */
    Optional<UnderWay> underWay(OptionalInt gpu) {
        return underWay.entrySet().stream()
                .filter(call -> !call.getValue().function().equals(WAIT)
                        && gpu(call.getKey()).equals(gpu))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** What the functions of this prefix answered, each answer once. */
    List<Answer> answers(String prefix) {
        return answers.stream()
                .filter(answer -> answer.function().startsWith(prefix))
                .toList();
    }
}
