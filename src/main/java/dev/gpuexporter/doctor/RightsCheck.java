package dev.gpuexporter.doctor;

import dev.gpuexporter.doctor.DriverCalls.Answer;
import dev.gpuexporter.nvml.NvmlReturn.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether the driver refuses readings to this process. */
final class RightsCheck {
    static final String TOPIC = "rights";

    private final DriverCalls calls;
    private final int gpus;

    RightsCheck(DriverCalls calls, int gpus) {
        this.calls = calls;
        this.gpus = gpus;
    }

    /** Whole GPUs that are refused and profiling are told elsewhere, with remedies of their own. */
    List<Finding> findings() {
        Map<String, List<Answer>> refused = calls.answers("nvml").stream()
                .filter(answer -> answer.code().kind() == Kind.DENIED)
                .filter(answer -> !answer.function().startsWith(ProfilingCheck.FUNCTIONS))
                .filter(answer -> !answer.function().startsWith("nvmlDeviceGetHandle"))
                .collect(Collectors.groupingBy(
                        answer -> answer.code() + " from " + answer.function(), TreeMap::new, Collectors.toList()));
        if (refused.isEmpty()) {
            return List.of();
        }
        return refused.entrySet().stream()
                .map(call -> Finding.warn(
                        TOPIC,
                        call.getKey() + on(call.getValue()),
                        "run as user 0 (runAsUser: 0), or do without what it tells"))
                .toList();
    }

    private String on(List<Answer> answers) {
        List<Integer> indexes = answers.stream()
                .flatMapToInt(answer -> answer.gpu().stream())
                .boxed()
                .toList();
        return indexes.isEmpty() ? "" : " on " + GpuNames.of(indexes, gpus);
    }
}
