package dev.gpuexporter;

import dev.gpuexporter.config.BadInputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** The options that somebody wrote. All that is wrong with them is a {@link BadInputException}. */
final class Arguments {
    static final Option HELP = Option.builder("h")
            .longOpt("help")
            .desc("Show this help message and exit.")
            .get();
    static final Option VERSION = Option.builder("V")
            .longOpt("version")
            .desc("Print version information and exit.")
            .get();

    private final CommandLine parsed;

    private Arguments(CommandLine parsed) {
        this.parsed = parsed;
    }

    /** @param name the command's, as it is called */
    static Arguments of(String name, Command command, List<String> words) {
        Arguments given = parse(name, command, words, false);
        if (!given.rest().isEmpty()) {
            throw BadCommandLine.unknown(name, namesOf(command), given.rest().get(0));
        }
        return given;
    }

    /** Takes those in front of the first word that is neither an option of the command nor the value of one. */
    static Arguments leading(String name, Command command, List<String> words) {
        return parse(name, command, words, true);
    }

    private static Arguments parse(String name, Command command, List<String> words, boolean stopsAtOthers) {
        Options options = new Options();
        allOf(command).forEach(options::addOption);
        try {
            Arguments given = new Arguments(DefaultParser.builder()
                    .setAllowPartialMatching(false)
                    .setStripLeadingAndTrailingQuotes(false)
                    .get()
                    .parse(options, words.toArray(String[]::new), stopsAtOthers));
            given.refuseTwice();
            return given;
        } catch (ParseException e) {
            throw BadCommandLine.of(name, namesOf(command), e);
        }
    }

    private void refuseTwice() {
        Set<Option> once = new HashSet<>();
        for (Option option : parsed.getOptions()) {
            if (!once.add(option)) {
                throw new BadInputException(written(option) + " is given twice; once is enough");
            }
        }
    }

    private static List<Option> allOf(Command command) {
        return Stream.of(command.options(), command.hiddenOptions(), List.of(HELP, VERSION))
                .flatMap(List::stream)
                .toList();
    }

    /** As they are written, long ones alone. */
    static List<String> namesOf(Command command) {
        return allOf(command).stream().map(Arguments::written).toList();
    }

    /** By its longest name. */
    static String written(Option option) {
        return "--" + option.getLongOpt();
    }

    boolean has(Option option) {
        return parsed.hasOption(option);
    }

    Optional<String> value(Option option) {
        return value(option, "");
    }

    /** @param otherwise what it means without a value, where it can be written so */
    Optional<String> value(Option option, String otherwise) {
        return has(option) ? Optional.of(parsed.getOptionValue(option, otherwise)) : Optional.empty();
    }

    Optional<Path> path(Option option) {
        return value(option).map(path -> {
            try {
                return Path.of(path);
            } catch (InvalidPathException e) {
                throw new BadInputException(written(option) + " " + path + ": no path; write the path of a file");
            }
        });
    }

    /** One of an enum's words, in whatever case. */
    <E extends Enum<E>> E word(Option option, E otherwise) {
        List<E> words = List.of(otherwise.getDeclaringClass().getEnumConstants());
        String word = value(option).orElse(otherwise.name());
        return words.stream()
                .filter(known -> known.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new BadInputException(written(option) + " " + word + ": no such "
                        + option.getArgName().toLowerCase(Locale.ROOT) + "; there are "
                        + words.stream()
                                .map(known -> known.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    /** The option that was written first. */
    Optional<Option> first() {
        return Stream.of(parsed.getOptions()).findFirst();
    }

    /** All from the word on at which it stopped. */
    List<String> rest() {
        return parsed.getArgList();
    }
}
