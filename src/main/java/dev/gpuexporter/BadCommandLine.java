package dev.gpuexporter;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.DidYouMean;
import java.util.List;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/** Says in a line what is wrong with the command line, and what would be right. */
final class BadCommandLine {
    private BadCommandLine() {}

    /**
     * @param name the command's, as it is called
     * @param known what may be written there
     */
    static BadInputException of(String name, List<String> known, ParseException problem) {
        if (problem instanceof UnrecognizedOptionException unknown) {
            return unknown(name, known, unknown.getOption());
        }
        if (problem instanceof MissingArgumentException missing) {
            return new BadInputException(Arguments.written(missing.getOption()) + " needs "
                    + missing.getOption().getArgName() + " after it; " + seeHelp(name));
        }
        return new BadInputException(problem.getMessage() + "; " + seeHelp(name));
    }

    static BadInputException unknown(String name, List<String> known, String written) {
        String word = written.startsWith("-") ? written.split("=", 2)[0] : written;
        return new BadInputException("\"" + word + "\" is no option or command of " + name + "; "
                + DidYouMean.nearest(known, word)
                        .map("did you mean %s?"::formatted)
                        .orElseGet(() -> seeHelp(name)));
    }

    private static String seeHelp(String name) {
        return name + " --help lists what there is";
    }
}
