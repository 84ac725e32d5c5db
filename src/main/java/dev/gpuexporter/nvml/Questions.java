package dev.gpuexporter.nvml;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a device has been asked: nothing twice in a poll, and nothing again that it has said it does not support or does
 * not allow, until {@link #forget()}.
 */
final class Questions {
    private final boolean areOfItsMake;
    private final Map<String, Object> answers = new HashMap<>();
    private final Set<String> unanswerable = new HashSet<>();
    private final Set<String> answeredBefore = new HashSet<>();

    /** A call of NVML that answers, or throws the code it got. */
    @FunctionalInterface
    interface Call<T> {
        T answer() throws NvmlException;
    }

    private Questions(boolean areOfItsMake) {
        this.areOfItsMake = areOfItsMake;
    }

    /** Those whose answers may be others in each poll. */
    static Questions ofEachPoll() {
        return new Questions(false);
    }

    /** Those whose answers stay the same as long as the GPU is what it is: limits that nobody sets, what is printed on it. */
    static Questions ofItsMake() {
        return new Questions(true);
    }

    void beginPoll() {
        if (areOfItsMake) {
            answers.values().removeIf(answer -> !(answer instanceof Optional<?> told && told.isPresent()));
        } else {
            answers.clear();
        }
    }

    /** Asks everything again that was not supported or not allowed, or that is as the GPU is made. */
    void forget() {
        unanswerable.clear();
        if (areOfItsMake) {
            answers.clear();
        }
    }

    /**
     * The answer of this poll; empty where the device has none.
     *
     * @param question the function, and its arguments where it is asked more than once with different ones
     * @throws NvmlException where the call failed; the same again for the rest of the poll, without calling again
     */
    <T> Optional<T> ask(String question, Call<T> call) throws NvmlException {
        if (unanswerable.contains(question)) {
            return Optional.empty();
        }
        Object known = answers.get(question);
        if (known == null) {
            known = fresh(question, call);
            answers.put(question, known);
        }
        if (known instanceof NvmlException failure) {
            throw failure;
        }
        @SuppressWarnings("unchecked") // each question has one type of answer
        Optional<T> answer = (Optional<T>) known;
        return answer;
    }

    private Object fresh(String question, Call<?> call) {
        try {
            Object answer = call.answer();
            answeredBefore.add(question);
            return Optional.of(answer);
        } catch (NvmlException e) {
            return switch (e.kind()) {
                case UNSUPPORTED -> leaveOut(question);
                case NO_DATA -> Optional.empty();
                case DENIED -> {
                    unanswerable.add(question);
                    yield e;
                }
                // An enum that this driver does not know, or, from a call that used to work, a stale handle.
                case INVALID_ARGUMENT -> answeredBefore.contains(question) ? e : leaveOut(question);
                default -> e;
            };
        }
    }

    private Optional<?> leaveOut(String question) {
        unanswerable.add(question);
        return Optional.empty();
    }
}
