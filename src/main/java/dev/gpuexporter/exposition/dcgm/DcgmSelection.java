package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.exposition.dcgm.DcgmField.Type;
import dev.gpuexporter.metrics.Group;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which fields are shown, and how.
 *
 * @param columns those with series of their own, in the order of the table
 * @param labels those on every series of the others, by name
 */
public record DcgmSelection(List<Column> columns, List<DcgmField> labels) {
    /** In the jar, and in the image. */
    private static final String DEFAULTS = "/dcgm-exporter/default-counters.csv";

    /** A field as it is shown: its type and help may be another's than the table's. */
    public record Column(DcgmField field, Type type, String help) {
        static Column of(DcgmField field) {
            return new Column(field, field.type(), field.help());
        }
    }

    public DcgmSelection {
        columns = List.copyOf(columns);
        labels = labels.stream().sorted(Comparator.comparing(DcgmField::name)).toList();
    }

    /**
     * What is shown where nobody has chosen.
     *
     * @param table all fields there are
     */
    static DcgmSelection defaults(List<DcgmField> table) {
        try (InputStream file = DcgmSelection.class.getResourceAsStream(DEFAULTS)) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return CountersFile.read(DEFAULTS, text, table).selection();
        } catch (IOException e) { // it is part of the program
            throw new UncheckedIOException(e);
        }
    }

    /** What has to be read for them besides what is read anyway, by its key. */
    public Set<String> needs() {
        return Stream.concat(columns.stream().map(Column::field), labels.stream())
                .flatMap(field -> field.needs().stream())
                .map(Group::key)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** These, as the table has them. */
    static DcgmSelection of(List<DcgmField> fields) {
        return new DcgmSelection(
                fields.stream()
                        .filter(field -> field.type() != Type.LABEL)
                        .map(Column::of)
                        .toList(),
                fields.stream().filter(field -> field.type() == Type.LABEL).toList());
    }
}
