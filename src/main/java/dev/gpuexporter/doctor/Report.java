package dev.gpuexporter.doctor;

import dev.gpuexporter.doctor.Finding.Level;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All findings, as people and as programs read them. */
public record Report(List<Finding> findings) {
    private static final int WIDEST_LINE = 100;
    private static final int LEVEL_WIDTH = 6;

    /** In front of what a finding goes on with; its remedy stands below its beginning. */
    private static final String GOES_ON = "  ";

    public Report {
        findings = List.copyOf(findings);
    }

    public long failures() {
        return count(Level.FAIL);
    }

    public long warnings() {
        return count(Level.WARN);
    }

    private long count(Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    /** A line for each finding, what would mend it below, and how many there are of which kind. */
    public String text() {
        int topics = findings.stream()
                .mapToInt(finding -> finding.topic().length())
                .max()
                .orElse(0);
        int indent = LEVEL_WIDTH + topics + 2;
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            String head = padded(word(finding.level()), LEVEL_WIDTH) + padded(finding.topic(), topics + 2);
            String below = " ".repeat(indent);
            add(head, below + GOES_ON, wrapped(finding.text(), WIDEST_LINE - indent - GOES_ON.length()), text);
            add(below, below, wrapped(finding.remedy(), WIDEST_LINE - indent), text);
        }
        return text.append(number(failures(), "failure"))
                .append(", ")
                .append(number(warnings(), "warning"))
                .append('\n')
                .toString();
    }

    private static void add(String first, String others, List<String> lines, StringBuilder text) {
        String head = first;
        for (String line : lines) {
            text.append(head).append(line).append('\n');
            head = others;
        }
    }

    /** Between words; a word that is longer than a line has one of its own. */
    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        if (line.length() > 0) {
            lines.add(line.toString());
        }
        return lines;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String word(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    private static String number(long count, String noun) {
        return (count == 0 ? "no" : Long.toString(count)) + " " + noun + (count == 1 ? "" : "s");
    }

    public JsonObject json() {
        JsonArray all = new JsonArray();
        findings.forEach(finding -> all.add(new JsonObject()
                .put("level", word(finding.level()))
                .put("topic", finding.topic())
                .put("text", finding.text())
                .put("remedy", finding.remedy())));
        return new JsonObject().put("findings", all).put("failures", failures()).put("warnings", warnings());
    }
}
