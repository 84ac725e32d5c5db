package dev.gpuexporter;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/** What {@code --help} prints, in lines of at most 80 characters. */
final class Help {
    private static final int WIDTH = 80;
    private static final int OPTIONS_WIDTH = 29;
    private static final int COMMANDS_WIDTH = 11;

    private final StringBuilder text = new StringBuilder();

    private Help() {}

    static String of(String name, Command command) {
        return of(name, command.description(), command.options(), List.of(), command.footer());
    }

    /** @param commands that may follow; none where the name is a command's */
    static String of(
            String name, String description, List<Option> options, List<Command> commands, List<String> footer) {
        Help help = new Help();
        String usage = "Usage: " + name + " ";
        help.add(usage, usage.length(), usage(options, commands));
        help.add("", 0, description);
        for (Option option : options) {
            help.add("      " + written(option), OPTIONS_WIDTH, option.getDescription());
        }
        for (Option option : List.of(Arguments.HELP, Arguments.VERSION)) {
            help.add("  -" + option.getOpt() + ", " + written(option), OPTIONS_WIDTH, option.getDescription());
        }
        if (!commands.isEmpty()) {
            help.add("", 0, "Commands:");
            commands.forEach(one -> help.add("  " + one.name(), COMMANDS_WIDTH, one.description()));
        }
        if (!footer.isEmpty()) {
            help.text.append('\n');
            footer.forEach(line -> help.add("", 0, line));
        }
        return help.text.toString();
    }

    private static String usage(List<Option> options, List<Command> commands) {
        return Stream.of(
                        Stream.of("[-hV]"),
                        options.stream().map(option -> "[" + written(option) + "]"),
                        commands.isEmpty() ? Stream.<String>empty() : Stream.of("[COMMAND]"))
                .flatMap(words -> words)
                .collect(Collectors.joining(" "));
    }

    private static String written(Option option) {
        return Arguments.written(option) + (option.hasArg() ? "=" + option.getArgName() : "");
    }

    /** A column on the left, and words beside it; on the next line where the column is too narrow. */
    private void add(String left, int width, String words) {
        StringBuilder line = new StringBuilder(left);
        if (line.length() > width) {
            text.append(line).append('\n');
            line.setLength(0);
        }
        line.append(" ".repeat(width - line.length()));
        for (String word : words.split(" ")) {
            if (line.length() + word.length() > WIDTH && line.length() > width) {
                text.append(line.toString().stripTrailing()).append('\n');
                line.setLength(0);
                line.append(" ".repeat(width));
            }
            line.append(word).append(' ');
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
