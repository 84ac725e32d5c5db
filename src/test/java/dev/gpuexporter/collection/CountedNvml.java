package dev.gpuexporter.collection;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.testing.InterceptedCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Notes every call that passes through to another library: the function, and those arguments that are no out parameters. */
public final class CountedNvml {
    private final List<String> calls = new ArrayList<>();

    public NvmlLibrary in(NvmlLibrary library) {
        return InterceptedCall.intercepted(call -> {
            note(call.function(), call.arguments());
            return call.on(library);
        });
    }

    private synchronized void note(String function, Object[] arguments) {
        // The device comes first; every other pointer is where the answer goes.
        String inputs = Arrays.stream(arguments)
                .filter(argument -> !(argument instanceof Pointer) || argument == arguments[0])
                .map(String::valueOf)
                .collect(Collectors.joining(","));
        calls.add(function + "(" + inputs + ")");
    }

    public synchronized List<String> take() {
        List<String> taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }
}
