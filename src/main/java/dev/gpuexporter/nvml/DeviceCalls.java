package dev.gpuexporter.nvml;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** Calls NVML for one device: asks, checks the code, decodes; every answer is written to the same memory. */
final class DeviceCalls {
    private static final int LARGEST_STRUCT = 256;
    private static final double NO_VALUE = 0xffffffffL;

    private final Pointer handle;
    private final Questions questions;
    private final NvmlBuffer buffer;
    private final DeviceCalls ofItsMake;

    DeviceCalls(Pointer handle) {
        this.handle = handle;
        this.questions = Questions.ofEachPoll();
        this.buffer = new NvmlBuffer(LARGEST_STRUCT);
        this.ofItsMake = new DeviceCalls(this);
    }

    private DeviceCalls(DeviceCalls ofEachPoll) {
        this.handle = ofEachPoll.handle;
        this.questions = Questions.ofItsMake();
        this.buffer = ofEachPoll.buffer;
        this.ofItsMake = this;
    }

    /** A function of the library that takes the device and one out parameter. */
    @FunctionalInterface
    interface OneOut {
        int call(Pointer device, Pointer out);
    }

    /** A function of the library that takes the device and two out parameters. */
    @FunctionalInterface
    interface TwoOut {
        int call(Pointer device, Pointer first, Pointer second);
    }

    /** A function of the library that writes a string. */
    @FunctionalInterface
    interface Text {
        int call(Pointer device, Pointer text, int length);
    }

    Pointer handle() {
        return handle;
    }

    Questions questions() {
        return questions;
    }

    /** For what stays the same as long as the GPU is what it is: asked once, and again after {@link #forget()}. */
    DeviceCalls ofItsMake() {
        return ofItsMake;
    }

    /** Forgets the last poll's answers. */
    void beginPoll() {
        questions.beginPoll();
        ofItsMake.questions.beginPoll();
    }

    /** Asks again for what was not supported or not allowed, and for what stays the same. */
    void forget() {
        questions.forget();
        ofItsMake.questions.forget();
    }

    OptionalDouble u32(String question, OneOut call) throws NvmlException {
        return u32(question, call, DoubleUnaryOperator.identity());
    }

    /** An unsigned int; one whose bits are all set is NVML's "no value". */
    OptionalDouble u32(String question, OneOut call, DoubleUnaryOperator unit) throws NvmlException {
        OptionalDouble value = number(question, call, out -> (double) Integer.toUnsignedLong(out.getInt(0)));
        return value.orElse(0) == NO_VALUE ? OptionalDouble.empty() : in(unit, value);
    }

    OptionalDouble s32(String question, OneOut call) throws NvmlException {
        return number(question, call, out -> (double) out.getInt(0));
    }

    OptionalDouble u64(String question, OneOut call) throws NvmlException {
        return number(question, call, out -> (double) out.getLong(0));
    }

    private OptionalDouble number(String question, OneOut call, Function<Pointer, Double> decode) throws NvmlException {
        Optional<Double> value = questions.ask(question, () -> {
            Memory out = buffer.cleared(8);
            check(question, call.call(handle, out));
            return decode.apply(out);
        });
        return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
    }

    /** A value of the driver's in a base unit. */
    static OptionalDouble in(DoubleUnaryOperator unit, OptionalDouble value) {
        return value.isPresent() ? OptionalDouble.of(unit.applyAsDouble(value.getAsDouble())) : value;
    }

    /** The first of two unsigned ints, where the second is of no interest: a pending mode, a sample period. */
    OptionalDouble firstOfPair(String question, TwoOut call, DoubleUnaryOperator unit) throws NvmlException {
        Optional<int[]> pair = pair(question, call);
        return pair.isPresent() ? OptionalDouble.of(unit.applyAsDouble(pair.get()[0])) : OptionalDouble.empty();
    }

    /** The second of two unsigned ints: a pending mode. */
    OptionalDouble secondOfPair(String question, TwoOut call) throws NvmlException {
        Optional<int[]> pair = pair(question, call);
        return pair.isPresent() ? OptionalDouble.of(pair.get()[1]) : OptionalDouble.empty();
    }

    /** Two unsigned ints. */
    Optional<int[]> pair(String question, TwoOut call) throws NvmlException {
        return questions.ask(question, () -> {
            Memory out = buffer.cleared(16);
            check(question, call.call(handle, out, buffer.second()));
            return new int[] {out.getInt(0), out.getInt(8)};
        });
    }

    <T> Optional<T> struct(String question, Struct struct, OneOut call, Function<Pointer, T> decode)
            throws NvmlException {
        return questions.ask(question, () -> decoded(question, buffer.cleared(struct), call, decode));
    }

    <T> Optional<T> versioned(String question, Struct struct, int version, OneOut call, Function<Pointer, T> decode)
            throws NvmlException {
        return questions.ask(question, () -> decoded(question, buffer.cleared(struct, version), call, decode));
    }

    /** An answer of so many bytes, where out parameters lie side by side as the call has put them. */
    <T> Optional<T> bytes(String question, int length, OneOut call, Function<Pointer, T> decode) throws NvmlException {
        return questions.ask(question, () -> decoded(question, buffer.cleared(length), call, decode));
    }

    private <T> T decoded(String question, Memory out, OneOut call, Function<Pointer, T> decode) throws NvmlException {
        check(question, call.call(handle, out));
        return decode.apply(out);
    }

    /** Empty where the device has no such text. */
    String text(String question, int length, Text call) throws NvmlException {
        return questions
                .ask(question, () -> {
                    Memory out = buffer.cleared(length);
                    check(question, call.call(handle, out, length));
                    return NvmlBuffer.string(out.getByteArray(0, length));
                })
                .orElse("");
    }

    /** The function is the question up to its arguments. */
    static void check(String question, int code) throws NvmlException {
        if (code != NvmlReturn.SUCCESS.code()) {
            int arguments = question.indexOf('(');
            throw new NvmlException(arguments < 0 ? question : question.substring(0, arguments), NvmlReturn.of(code));
        }
    }
}
