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
    /** Where the second of two out parameters lies in the buffer. */
    private static final int SECOND = 8;

    private static final int ROOM = 20_000;
    private static final byte UNTOUCHED = (byte) 0xa5;

    /** Calls a function with one buffer for all its out parameters. */
    interface Invocation {
        int on(Pointer device, Pointer out);
    }

    interface TextInvocation {
        int on(Pointer device, Pointer out, int length);
    }

    interface PairInvocation {
        int on(Pointer device, Pointer first, Pointer second);
    }

    /** One number or string that comes back, for the GPUs 0 and 1: its Java type says how it is to be read. */
    record Answer(Member member, Object ofFirst, Object ofSecond) {
        Object read(Pointer out) {
            if (ofFirst instanceof String) {
                return member.string(out);
            }
            if (ofFirst instanceof Double) {
                return out.getDouble(member.offset());
            }
            if (ofFirst instanceof Integer) {
                return member.size() == 1 ? member.u8(out) : member.s32(out);
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

    static NvmlCall text(String function, TextInvocation invocation, int length, String text) {
        Answer answer = new Answer(chars("text"), text + 0, text + 1);
        return call(function, (device, out) -> invocation.on(device, out, length), answer);
    }

    static NvmlCall number(String function, Invocation invocation, int ofFirst) {
        return call(function, invocation, next(u32("out", 0), ofFirst));
    }

    static NvmlCall numbers(String function, PairInvocation invocation, int first, int second) {
        return pair(function, invocation, next(u32("first", 0), first), next(u32("second", SECOND), second));
    }

    static NvmlCall states(String function, PairInvocation invocation, int current, int pending) {
        return pair(function, invocation, same(u32("current", 0), current), same(u32("pending", SECOND), pending));
    }

    static NvmlCall pair(String function, PairInvocation invocation, Answer... answers) {
        return call(function, (device, out) -> invocation.on(device, out, out.share(SECOND)), answers);
    }

    static NvmlCall call(String function, Invocation invocation, Answer... answers) {
        return versioned(function, invocation, out -> {}, answers);
    }

    static NvmlCall versioned(String function, Invocation invocation, Consumer<Pointer> question, Answer... answers) {
        return new NvmlCall(function, invocation, question, List.of(answers));
    }

    static Member chars(String name) {
        return new Member(name, 0, 64);
    }

    static Member u32(String name, int offset) {
        return new Member(name, offset, 4);
    }

    static Member u64(String name) {
        return new Member(name, 0, 8);
    }

    static Answer same(Member member, Object value) {
        return new Answer(member, value, value);
    }

    /** A number that is greater by one on the second GPU. */
    static Answer next(Member member, int ofFirst) {
        return new Answer(member, ofFirst, ofFirst + 1);
    }

    static Answer quarterMore(Member member, double ofFirst) {
        return new Answer(member, ofFirst, ofFirst + 0.25);
    }

    static Answer next(Member member, long ofFirst) {
        return new Answer(member, ofFirst, ofFirst + 1);
    }
}
