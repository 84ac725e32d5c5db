package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.Struct.Member;
import java.util.List;
import java.util.function.Consumer;

/**
 * A call of one C function: how it is made, and what the compiled library answers.
 *
 * @param question what the caller sets before the call
 */
record NvmlCall(String function, Invocation invocation, Consumer<Pointer> question, List<Answer> answers) {
    static final int SECOND = 8;

    private static final int ROOM = 512;
    private static final byte UNTOUCHED = (byte) 0xa5;

    /** Calls a function with one buffer for all its out parameters. */
    interface Invocation {
        int on(Pointer device, Pointer out);
    }

    /** One number or string that comes back, for the GPUs 0 and 1: its Java type says how it is to be read. */
    record Answer(Member member, Object ofFirst, Object ofSecond) {
        Object read(Pointer out) {
            if (ofFirst instanceof String) {
                return member.string(out);
            }
            if (ofFirst instanceof Integer) {
                return member.s32(out);
            }
            return member.size() == 4 ? member.u32(out) : member.u64(out);
        }
    }

    /** Makes the call with a buffer full of rubbish: what was not written is seen, and so is what was too much. */
    void verify(Pointer device, int gpu) {
        Memory out = room();
        question.accept(out);
        assertThat(NvmlReturn.of(invocation.on(device, out))).as(function).isEqualTo(NvmlReturn.SUCCESS);
        int end = 0;
        for (Answer answer : answers) {
            assertThat(answer.read(out))
                    .as(function + " " + answer.member.name())
                    .isEqualTo(gpu == 0 ? answer.ofFirst : answer.ofSecond);
            end = Math.max(end, answer.member.offset() + answer.member.size());
        }
        assertThat(answers.isEmpty() ? UNTOUCHED : out.getByte(end))
                .as(function + " writes no further than byte " + end)
                .isEqualTo(UNTOUCHED);
    }

    NvmlReturn codeFor(Pointer device) {
        return NvmlReturn.of(invocation.on(device, room()));
    }

    @Override
    public String toString() {
        return function;
    }

    private static Memory room() {
        Memory out = new Memory(ROOM);
        out.setMemory(0, ROOM, UNTOUCHED);
        return out;
    }
}
