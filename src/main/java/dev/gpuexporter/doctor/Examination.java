package dev.gpuexporter.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes one check after the other, each on a thread of its own, which is left behind where it does not come back. */
final class Examination {
    private final Duration deadline;
    private final DriverCalls calls;

    /**
     * @param deadline for each check
     * @param calls tells in which of the driver's functions a check hangs
     */
    Examination(Duration deadline, DriverCalls calls) {
        this.deadline = deadline;
        this.calls = calls;
    }

    /** What they found, in their order. */
    List<Finding> findings(List<Check> checks) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        for (Check check : checks) {
            findings.addAll(findings(check));
        }
        return findings;
    }

    private List<Finding> findings(Check check) throws InterruptedException {
        CompletableFuture<List<Finding>> answer = new CompletableFuture<>();
        Thread thread = new Thread(() -> answer(check, answer), "check");
        thread.setDaemon(true);
        thread.start();
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return List.of(calls.underWay(thread)
                    .map(function -> Hanging.in(check.topic(), "", function))
                    .orElseGet(() -> Finding.fail(
                            check.topic(),
                            "no answer within " + deadline.toSeconds() + " s",
                            "try again; if it stays so, something beneath hangs: see the kernel's log")));
        } catch (ExecutionException e) {
            return List.of(Finding.fail(
                    check.topic(),
                    "could not be checked: " + e.getCause(),
                    "the other findings stand; please report it if it stays so"));
        }
    }

    private static void answer(Check check, CompletableFuture<List<Finding>> answer) {
        try {
            answer.complete(check.question().ask());
        } catch (Throwable failed) { // it is a finding, too
            answer.completeExceptionally(failed);
        }
    }
}
