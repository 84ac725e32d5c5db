package dev.gpuexporter;

import static java.util.stream.Collectors.joining;

import dev.gpuexporter.config.DcgmSwitch;
import dev.gpuexporter.config.DcgmSwitches;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.exposition.dcgm.AbsentFields;
import dev.gpuexporter.exposition.dcgm.ChosenFields;
import dev.gpuexporter.exposition.dcgm.DcgmField;
import dev.gpuexporter.exposition.dcgm.DcgmFields;
import dev.gpuexporter.exposition.dcgm.DcgmSelection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code docs/dcgm-reference.md}: every field of DCGM and every switch of its exporter. */
final class DcgmReference {
    private static final String HEAD = """
            # DCGM's fields and its exporter's switches

            Generated; `mvn test -Dtest=DocumentsTest -Dgolden.write=true` writes it anew. What the values mean, and where they differ: [moving-from-dcgm.md](moving-from-dcgm.md).

            ## Fields that there are

            In the order in which they are shown. "On" are those of the lists that the image ships; a list of your own chooses among all of them.

            | field | type | on | what it says |
            |---|---|---|---|
            """;

    private static final String ABSENT = """

            ## Fields that there are not

            A list of counters may have them: each is said once, by name, and left out. A star stands for any text.

            | why | `DCGM_FI_…` |
            |---|---|
            """;

    private static final String SWITCHES = """

            ## Switches of DCGM's exporter

            | variable | flags | here | |
            |---|---|---|---|
            """;

    /** Those of a series but its first. */
    private static final String FOLLOWING =
            ".*_(L([1-9]|1\\d)(_[RT]X_BYTES)?|HISTORY_\\d+(?<!_0)|NV(DEC|JPG|OFA)[1-7]_ACTIVE)";

    private DcgmReference() {}

    private static String following(String first) {
        if (first.contains("_L0")) {
            return " to `_L17" + first.substring(first.indexOf("_L0") + 3) + "`";
        }
        if (first.endsWith("HISTORY_0")) {
            return " to `_15`";
        }
        return first.matches(".*NV(DEC|JPG|OFA)0_ACTIVE") ? " to `" + (first.contains("OFA") ? 1 : 7) + "_ACTIVE`" : "";
    }

    static String markdown() {
        Settings.Dcgm settings = new SettingsLoader()
                .load(Optional.empty(), Map.of(), List.of())
                .settings()
                .dcgm();
        DcgmSelection shipped = new ChosenFields(settings).current();
        Set<String> on = Stream.concat(
                        shipped.columns().stream().map(DcgmSelection.Column::field), shipped.labels().stream())
                .map(DcgmField::name)
                .collect(Collectors.toSet());
        return HEAD
                + DcgmFields.all(settings).stream()
                        .filter(field -> !field.name().matches(FOLLOWING))
                        .map(field -> row(
                                "`" + field.name() + "`" + following(field.name()),
                                field.type().name().toLowerCase(Locale.ROOT),
                                on.contains(field.name()) ? "yes" : "",
                                field.help()))
                        .collect(joining())
                + ABSENT
                + AbsentFields.byReason()
                        .map(reason -> row(
                                reason.getKey(),
                                reason.getValue().stream()
                                        .map(name -> "`" + name + "`")
                                        .collect(joining(", "))))
                        .collect(joining())
                + SWITCHES
                + DcgmSwitches.ALL.stream().map(DcgmReference::row).collect(joining());
    }

    private static String row(DcgmSwitch one) {
        String support =
                switch (one.support()) {
                    case SET -> "sets";
                    case ALWAYS -> "needs nothing";
                    case MISSING -> "not supported";
                };
        return row(
                "`" + one.variable() + "`",
                one.flags().stream().map(flag -> "`" + flag + "`").collect(joining(", ")),
                support,
                one.meaning());
    }

    private static String row(String... cells) {
        return Stream.of(cells).map(cell -> cell.replace("|", "\\|")).collect(joining(" | ", "| ", " |\n"));
    }
}
