package dev.gpuexporter.nvml;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/** A library some of whose functions answer as a test wants, or are missing. */
final class OverriddenNvml {
    private final Map<String, ToIntFunction<Object[]>> functions = new HashMap<>();

    OverriddenNvml with(String function, ToIntFunction<Object[]> answer) {
        functions.put(function, answer);
        return this;
    }

    OverriddenNvml lacking(String function) {
        return with(function, arguments -> NvmlReturn.FUNCTION_NOT_FOUND.code());
    }

    NvmlLibrary over(NvmlLibrary library) {
        return (NvmlLibrary) Proxy.newProxyInstance(
                NvmlLibrary.class.getClassLoader(), new Class<?>[] {NvmlLibrary.class}, (proxy, method, arguments) -> {
                    if (functions.containsKey(method.getName())) {
                        return functions.get(method.getName()).applyAsInt(arguments);
                    }
                    try {
                        return method.invoke(library, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
