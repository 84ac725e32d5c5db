package dev.gpuexporter;

import dev.gpuexporter.config.DidYouMean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a line what is wrong with the command line, and what would be right. */
final class BadCommandLine {
    private BadCommandLine() {}

    static String problem(ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (e instanceof Misplaced) {
            return e.getMessage();
        }
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unknown(command, unmatched.getUnmatched().get(0));
        }
        if (e instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + " is given twice; once is enough";
        }
        if (e instanceof MissingParameterException missing) {
            return missing.getMissing().stream()
                            .map(argument -> name(argument) + " needs " + argument.paramLabel() + " after it")
                            .collect(Collectors.joining(", "))
                    + "; " + seeHelp(command);
        }
        if (e.getArgSpec() != null && e.getArgSpec().type().isEnum()) {
            return name(e.getArgSpec()) + " " + e.getValue() + ": no such "
                    + e.getArgSpec().paramLabel().toLowerCase(Locale.ROOT) + "; there are " + words(e.getArgSpec());
        }
        if (e.getArgSpec() != null && e.getArgSpec().type() == Path.class) {
            return name(e.getArgSpec()) + " " + e.getValue() + ": no path; write the path of a file";
        }
        return e.getMessage().lines().findFirst().orElse("") + "; " + seeHelp(command);
    }

    private static final class Misplaced extends ParameterException {
        private static final long serialVersionUID = 1;

        Misplaced(CommandLine command, String message) {
            super(command, message);
        }
    }

    /** Options before a subcommand would be set where nobody looks at them. */
    static void refuseOptionsBeforeSubcommand(ParseResult parsed) {
        if (parsed.hasSubcommand() && !parsed.matchedOptions().isEmpty()) {
            CommandSpec subcommand = parsed.subcommand().commandSpec();
            String option = name(parsed.matchedOptions().get(0));
            throw new Misplaced(
                    subcommand.commandLine(),
                    option + " does nothing before " + subcommand.name() + "; write it after");
        }
    }

    private static String unknown(CommandSpec command, String written) {
        String word = written.startsWith("-") ? written.split("=", 2)[0] : written;
        List<String> known = new ArrayList<>(command.subcommands().keySet());
        known.addAll(command.optionsMap().keySet());
        return "\"" + word + "\" is no option or command of " + command.qualifiedName() + "; "
                + DidYouMean.nearest(known, word)
                        .map("did you mean %s?"::formatted)
                        .orElseGet(() -> seeHelp(command));
    }

    private static String seeHelp(CommandSpec command) {
        return command.qualifiedName() + " --help lists what there is";
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String words(ArgSpec argument) {
        return Stream.of(argument.type().getEnumConstants())
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
