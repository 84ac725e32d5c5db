package dev.gpuexporter.nvml;

import java.util.Collection;
import java.util.OptionalDouble;
import java.util.Set;

/** The field values of one device: which are wanted, which of them count, and what they said in this poll. */
final class Fields {
    private final NvmlLibrary nvml;
    private final DeviceCalls calls;
    private final CounterMemory memory;
    private final Questions.Call<FieldValues> reading;
    private FieldValues values;

    /** What was read in this poll; null until then, and where there was no answer. */
    private FieldValues read;

    Fields(NvmlLibrary nvml, DeviceCalls calls, CounterMemory memory) {
        this.nvml = nvml;
        this.calls = calls;
        this.memory = memory;
        this.values = new FieldValues(nvml, Set.of(), Set.of());
        this.reading = () -> {
            values.read(calls.handle());
            return values;
        };
    }

    /** @param counters those of them that count: one that is 32 bits wide goes on past them */
    void want(Collection<Field> wanted, Set<Field> counters) {
        values = new FieldValues(nvml, wanted, counters);
        read = null;
    }

    void beginPoll() {
        read = null;
    }

    void forgetUnsupported() {
        values.forgetUnsupported();
    }

    OptionalDouble get(int id) throws NvmlException {
        return get(id, 0);
    }

    OptionalDouble get(int id, int scope) throws NvmlException {
        FieldValues.Value value = raw(id, scope);
        if (value == null) {
            return OptionalDouble.empty();
        }
        return value.wraps()
                ? OptionalDouble.of(memory.continued(value.field(), (long) value.number()))
                : value.optional();
    }

    /** As the driver gave it, whatever it wraps at; null where it gave none. */
    FieldValues.Value raw(int id, int scope) throws NvmlException {
        return hasAnswer() ? read.get(id, scope) : null;
    }

    /** Whether it is wanted in any scope, and this device has it. */
    boolean isSupported(int id) throws NvmlException {
        return hasAnswer() && read.isSupported(id);
    }

    /** Asked for each value, answered once in a poll. */
    private boolean hasAnswer() throws NvmlException {
        if (read == null) {
            read = calls.questions().ask(FieldValues.FUNCTION, reading).orElse(null);
        }
        return read != null;
    }
}
