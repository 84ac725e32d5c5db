package dev.gpuexporter.nvml;

import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The field values of one device: which are wanted, which of them count, and what they said in this poll. */
final class Fields {
    private final NvmlLibrary nvml;
    private final DeviceCalls calls;
    private final CounterMemory memory;
    private FieldValues values;
    private final Questions.Call<FieldValues> reading;
    private Set<Field> counters = Set.of();

    Fields(NvmlLibrary nvml, DeviceCalls calls, CounterMemory memory) {
        this.nvml = nvml;
        this.calls = calls;
        this.memory = memory;
        this.values = new FieldValues(nvml, Set.of());
        this.reading = () -> {
            values.read(calls.handle());
            return values;
        };
    }

    /** @param counters those of them that count: one that is 32 bits wide goes on past them */
    void want(Collection<Field> wanted, Set<Field> counters) {
        this.values = new FieldValues(nvml, wanted);
        this.counters = Set.copyOf(counters);
    }

    void forgetUnsupported() {
        values.forgetUnsupported();
    }

    OptionalDouble get(Field field) throws NvmlException {
        Optional<FieldValues.Value> value = raw(field);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        double number = value.get().number();
        boolean wraps = counters.contains(field) && value.get().is32Bits();
        return OptionalDouble.of(wraps ? memory.continued(field, (long) number) : number);
    }

    /** As the driver gave it, whatever it wraps at. */
    Optional<FieldValues.Value> raw(Field field) throws NvmlException {
        Optional<FieldValues> read = read();
        return read.isPresent() ? read.get().get(field) : Optional.empty();
    }

    /** Whether it is wanted in any scope, and this device has it. */
    boolean isSupported(int id) throws NvmlException {
        Optional<FieldValues> read = read();
        return read.isPresent() && read.get().isSupported(id);
    }

    /** Asked for each value, answered once in a poll. */
    private Optional<FieldValues> read() throws NvmlException {
        return calls.questions().ask(FieldValues.FUNCTION, reading);
    }
}
