package dev.gpuexporter.nvml;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a device has been asked: nothing twice in a poll, and nothing again that it has said it does not support or does
 * not allow, until {@link #forget()}.
 */
final class Questions {
    private final boolean areOfItsMake;
    private final Map<String, Question> asked = new HashMap<>();

    private static final class Question {
        /** An Optional, or the failure; null before it is asked. */
        private Object answer;

        private boolean isUnanswerable;
        private boolean wasAnswered;

        boolean isTold() {
            return answer instanceof Optional<?> told && told.isPresent();
        }
    }

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
        for (Question question : asked.values()) {
            if (!areOfItsMake || !question.isTold()) {
                question.answer = null;
            }
        }
    }

    /** Asks everything again that was not supported or not allowed, or that is as the GPU is made. */
    void forget() {
        for (Question question : asked.values()) {
            question.isUnanswerable = false;
            if (areOfItsMake) {
                question.answer = null;
            }
        }
    }

    /**
     * The answer of this poll; empty where the device has none.
     *
     * @param question the function, and its arguments where it is asked more than once with different ones
     * @throws NvmlException where the call failed; the same again for the rest of the poll, without calling again
     */
    <T> Optional<T> ask(String question, Call<T> call) throws NvmlException {
        Question known = asked.get(question);
        if (known == null) {
            known = new Question();
            asked.put(question, known);
        }
        if (known.isUnanswerable) {
            return Optional.empty();
        }
        if (known.answer == null) {
            known.answer = fresh(known, call);
        }
        if (known.answer instanceof NvmlException failure) {
            throw failure;
        }
        @SuppressWarnings("unchecked") // each question has one type of answer
        Optional<T> answer = (Optional<T>) known.answer;
        return answer;
    }

    private static Object fresh(Question question, Call<?> call) {
        try {
            Object answer = call.answer();
            question.wasAnswered = true;
            return Optional.of(answer);
        } catch (NvmlException e) {
            return switch (e.kind()) {
                case UNSUPPORTED -> leaveOut(question);
                case NO_DATA -> Optional.empty();
                case DENIED -> {
                    question.isUnanswerable = true;
                    yield e;
                }
                // An enum that this driver does not know, or, from a call that used to work, a stale handle.
                case INVALID_ARGUMENT -> question.wasAnswered ? e : leaveOut(question);
                default -> e;
            };
        }
    }

    private static Optional<?> leaveOut(Question question) {
        question.isUnanswerable = true;
        return Optional.empty();
    }
}
