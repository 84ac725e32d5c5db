package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.attribution.Tenancy.Share;
import dev.gpuexporter.metrics.Group;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One of DCGM's fields: a row of the table.
 *
 * @param number DCGM's; 0 where it is not known to us, and then the row stands where its kin do
 * @param type as DCGM's own list of counters has it
 * @param help in our words
 * @param reading how its value follows from what is read under the exporter's own names
 * @param ofShare the same of one container on a device that several share; empty where nobody can tell
 * @param needs readings that are off unless somebody asks for them: a list that has the field does
 */
public record DcgmField(
        int number,
        String name,
        Type type,
        String help,
        Reading reading,
        Optional<Function<Share, Optional<String>>> ofShare,
        Optional<Group> needs) {

    /** How a field is shown. */
    public enum Type {
        GAUGE,
        COUNTER,
        /** On every series of the others. */
        LABEL;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a field says of a GPU or GPU instance; nothing where nobody knows. */
    @FunctionalInterface
    interface Reading {
        List<DcgmSample> of(DcgmEntity entity);
    }

    static DcgmField gauge(int number, String name, String help, Reading reading) {
        return new DcgmField(number, name, Type.GAUGE, help, reading, Optional.empty(), Optional.empty());
    }

    static DcgmField counter(int number, String name, String help, Reading reading) {
        return new DcgmField(number, name, Type.COUNTER, help, reading, Optional.empty(), Optional.empty());
    }

    static DcgmField label(int number, String name, String help, Function<DcgmEntity, String> text) {
        return new DcgmField(
                number,
                name,
                Type.LABEL,
                help,
                entity -> DcgmSample.of(Optional.of(text.apply(entity)).filter(value -> !value.isEmpty())),
                Optional.empty(),
                Optional.empty());
    }

    DcgmField ofShare(Function<Share, Optional<String>> share) {
        return new DcgmField(number, name, type, help, reading, Optional.of(share), needs);
    }

    DcgmField needs(Group group) {
        return new DcgmField(number, name, type, help, reading, ofShare, Optional.of(group));
    }
}
