package dev.gpuexporter.nvml;

import dev.gpuexporter.testing.InterceptedCall;
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
        return InterceptedCall.intercepted(call -> {
            ToIntFunction<Object[]> instead = functions.get(call.function());
            return instead == null ? call.on(library) : instead.applyAsInt(call.arguments());
        });
    }
}
