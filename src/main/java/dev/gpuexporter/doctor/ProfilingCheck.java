package dev.gpuexporter.doctor;

import dev.gpuexporter.doctor.DriverCalls.Answer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlReturn.Kind;
import java.util.List;
import java.util.function.Predicate;

/** Whether the performance counters (GPM) may be read. */
final class ProfilingCheck {
    static final String TOPIC = "profiling";
    static final String FUNCTIONS = "nvmlGpm";

    private final DriverCalls calls;
    private final boolean wanted;
    private final int gpus;

    ProfilingCheck(DriverCalls calls, boolean wanted, int gpus) {
        this.calls = calls;
        this.wanted = wanted;
        this.gpus = gpus;
    }

    List<Finding> findings() {
        if (!wanted) {
            return List.of(Finding.ok(TOPIC, "off (metrics.profiling)"));
        }
        List<Answer> answers = calls.answers(FUNCTIONS);
        List<Integer> refused = gpus(answers, answer -> answer.code().kind() == Kind.DENIED);
        if (!refused.isEmpty()) {
            return List.of(Finding.warn(
                    TOPIC,
                    "GPM says NO_PERMISSION on " + GpuNames.of(refused, gpus),
                    "give the container SYS_ADMIN, load the kernel module with"
                            + " NVreg_RestrictProfilingToAdminUsers=0, or set metrics.profiling = off"));
        }
        List<Integer> sampled = gpus(
                answers,
                answer ->
                        answer.code() == NvmlReturn.SUCCESS && answer.function().endsWith("SampleGet"));
        if (sampled.isEmpty()) {
            return answers.isEmpty() && gpus == 0
                    ? List.of()
                    : List.of(Finding.ok(TOPIC, "not supported; GPM takes Hopper or later, and driver 520"));
        }
        return List.of(Finding.ok(TOPIC, "GPM answers on " + GpuNames.of(sampled, gpus)));
    }

    private static List<Integer> gpus(List<Answer> answers, Predicate<Answer> choice) {
        return answers.stream()
                .filter(choice)
                .flatMapToInt(answer -> answer.gpu().stream())
                .distinct()
                .boxed()
                .toList();
    }
}
