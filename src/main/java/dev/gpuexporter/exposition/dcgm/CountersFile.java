package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.DidYouMean;
import dev.gpuexporter.exposition.dcgm.DcgmField.Type;
import dev.gpuexporter.exposition.dcgm.DcgmSelection.Column;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads a file that chooses fields, as DCGM's exporter has it: a field, its type and its help text in each row. */
final class CountersFile {
    private static final Map<String, Type> TYPES =
            Map.of("gauge", Type.GAUGE, "counter", Type.COUNTER, "label", Type.LABEL);

    private final String name;
    private final Map<String, DcgmField> table;
    private final Map<String, Row> chosen = new HashMap<>();
    private final List<String> remarks = new ArrayList<>();

    /** A row that chooses a field. */
    private record Row(int line, Type type, String help) {}

    /** What a file chooses, and what is to be said of it. */
    record Chosen(DcgmSelection selection, List<String> remarks) {}

    private CountersFile(String name, List<DcgmField> table) {
        this.name = name;
        this.table = table.stream().collect(Collectors.toMap(DcgmField::name, Function.identity()));
    }

    /**
     * The fields that a file chooses, in the order of the table. Those of DCGM that are not in it are left out with a
     * remark.
     *
     * @param name of the file, for what is said of it
     * @throws BadInputException with file and line, where a row cannot be meant
     */
    static Chosen read(String name, String text, List<DcgmField> table) {
        CountersFile file = new CountersFile(name, table);
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String row = lines.get(i).replace("\uFEFF", "").strip();
            if (!row.isEmpty() && !row.startsWith("#")) {
                file.add(i + 1, columns(row));
            }
        }
        if (file.chosen.isEmpty() && file.remarks.isEmpty()) {
            throw new BadInputException(name + ": has no row; write DCGM_FI_DEV_GPU_UTIL, gauge, GPU utilization.");
        }
        return new Chosen(file.selection(table), List.copyOf(file.remarks));
    }

    private void add(int line, List<String> columns) {
        if (columns.size() != 3) {
            throw bad(
                    line,
                    "a row has three columns, not " + columns.size(),
                    "write FIELD, type, help, and help with commas in double quotes");
        }
        String field = columns.get(0);
        Type type = TYPES.get(columns.get(1).toLowerCase(Locale.ROOT));
        if (type == null) {
            throw bad(line, "\"" + columns.get(1) + "\" is no type", "there are gauge, counter, label");
        }
        DcgmField known = table.get(field);
        if (known == null) {
            remarks.add(name + ": " + line + ": " + field + " is left out: " + whyAbsent(line, field));
        } else if (known.type() == Type.LABEL && type != Type.LABEL) {
            throw bad(line, field + " is text, which has no value", "write label for its type");
        } else if (known.number() == 0 && field.startsWith("DCGM_EXP_") && type == Type.LABEL) {
            throw bad(line, field + " has several values, which is no label", "write gauge or counter for its type");
        } else if (chosen.containsKey(field)) {
            remarks.add(name + ": " + line + ": " + field + " is chosen by line "
                    + chosen.get(field).line() + " already, which counts");
        } else {
            chosen.put(field, new Row(line, type, columns.get(2)));
        }
    }

    private String whyAbsent(int line, String field) {
        return AbsentFields.why(field)
                .orElseThrow(() -> bad(
                        line,
                        field + " is no known field",
                        DidYouMean.nearest(table.keySet(), field)
                                .map("did you mean %s?"::formatted)
                                .orElse("docs/moving-from-dcgm.md lists them")));
    }

    private DcgmSelection selection(List<DcgmField> table) {
        List<Column> columns = new ArrayList<>();
        List<DcgmField> labels = new ArrayList<>();
        for (DcgmField field : table) {
            Optional<Row> row = Optional.ofNullable(chosen.get(field.name()));
            if (row.map(Row::type).filter(Type.LABEL::equals).isPresent()) {
                labels.add(field);
            } else {
                row.ifPresent(its -> columns.add(new Column(field, its.type(), its.help())));
            }
        }
        return new DcgmSelection(columns, labels);
    }

    private BadInputException bad(int line, String what, String remedy) {
        return new BadInputException(name + ": " + line + ": " + what + "; " + remedy);
    }

    /** A column may stand in double quotes, which are doubled within. */
    private static List<String> columns(String row) {
        List<String> columns = new ArrayList<>();
        StringBuilder column = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < row.length(); i++) {
            char c = row.charAt(i);
            boolean doubled = quoted && c == '"' && i + 1 < row.length() && row.charAt(i + 1) == '"';
            if (doubled) {
                column.append(c);
                i++;
            } else if (c == '"' && (quoted || column.toString().isBlank())) {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                columns.add(column.toString().strip());
                column.setLength(0);
            } else {
                column.append(c);
            }
        }
        columns.add(column.toString().strip());
        return columns;
    }
}
