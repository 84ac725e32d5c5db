package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The figures as a table; the last column compares the JDKs. */
final class Report {
    private static final Path PAGE = Path.of("docs/performance.md");
    private static final String BEGIN = "<!-- bench/run writes from here -->";
    private static final String END = "<!-- to here -->";

    private final List<Jdk> jdks;
    private final String machine;
    private final Map<String, Map<Jdk, Figure>> rows = new LinkedHashMap<>();

    Report(List<Jdk> jdks) throws IOException {
        this.jdks = jdks;
        this.machine = machine();
    }

    void add(Jdk jdk, Figure figure) {
        System.out.println("  " + figure.what() + ": " + figure.text());
        rows.computeIfAbsent(figure.what(), what -> new LinkedHashMap<>()).put(jdk, figure);
    }

    String markdown() throws IOException {
        StringBuilder table =
                new StringBuilder(String.format(machine, load())).append("\n\n| median / 99th percentile | target |");
        jdks.forEach(jdk -> table.append(" JDK ").append(jdk.version()).append(" |"));
        table.append(jdks.size() == 2 ? " ratio |" : "").append("\n|---|---|");
        table.append("--:|".repeat(jdks.size() == 2 ? 3 : 1)).append('\n');
        rows.forEach((what, figures) -> table.append(row(what, figures)));
        return table.toString();
    }

    private String row(String what, Map<Jdk, Figure> figures) {
        String target = figures.values().iterator().next().target();
        StringBuilder row = new StringBuilder("| " + what + " | " + target + " |");
        for (Jdk jdk : jdks) {
            row.append(' ')
                    .append(figures.containsKey(jdk) ? figures.get(jdk).text() : "")
                    .append(" |");
        }
        if (jdks.size() == 2) {
            row.append(' ').append(ratio(figures)).append(" |");
        }
        return row.append('\n').toString();
    }

    private String ratio(Map<Jdk, Figure> figures) {
        Figure one = figures.get(jdks.get(0));
        Figure other = figures.get(jdks.get(1));
        return one == null || other == null || one.value() <= 0
                ? ""
                : String.format(Locale.ROOT, "%.2f", other.value() / one.value());
    }

    /** Puts the table between the page's two marks. */
    void write() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(PAGE + " has lost its marks: " + BEGIN + " and " + END);
        }
        Files.writeString(PAGE, page.substring(0, begin + BEGIN.length()) + "\n" + markdown() + page.substring(end));
    }

    /** Where and when; the load says how much of the machine was somebody else's. */
    private static String machine() throws IOException {
        String processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse(System.getProperty("os.arch"));
        long memoryMib = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemTotal:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
        return String.format(
                Locale.ROOT,
                "%s: %d cores of %s, %.0f GiB, Linux %s; load %s before the start and %%s at the end. JVM options: %s.",
                LocalDate.now(),
                Runtime.getRuntime().availableProcessors(),
                processor,
                memoryMib / 1024.0,
                System.getProperty("os.version"),
                load(),
                options());
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    private static String options() throws IOException {
        return Files.readAllLines(Path.of("jvm.options")).stream()
                .filter(line -> line.startsWith("-X"))
                .collect(Collectors.joining(" ", "`", "`"));
    }
}
