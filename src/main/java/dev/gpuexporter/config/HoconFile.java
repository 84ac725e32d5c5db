package dev.gpuexporter.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigException.UnresolvedSubstitution;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads HOCON. Says in a line, and in plain words, why a file is none; the parser's words are long and of tokens. */
final class HoconFile {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]*}");
    private static final Pattern UNEXPECTED = Pattern.compile("(?:got|not:|token:) '(.)'", Pattern.DOTALL);
    private static final String EXAMPLE = "write key = value, or section { key = value }";

    private static final int LONGEST = 160;

    private HoconFile() {}

    /** @throws BadInputException where it is no HOCON */
    static Config read(Path file) {
        try {
            ConfigParseOptions options = ConfigParseOptions.defaults()
                    .setSyntax(ConfigSyntax.CONF)
                    .setAllowMissing(false)
                    .setOriginDescription(file.getFileName().toString());
            return ConfigFactory.parseFile(file.toFile(), options).resolve();
        } catch (ConfigException e) {
            throw problem(file, e);
        } catch (StackOverflowError e) { // the parsers call themselves for whatever is in something else
            throw new BadInputException(
                    file.getFileName() + ": lists and sections are too deep in one another; " + EXAMPLE);
        }
    }

    private static BadInputException problem(Path file, ConfigException e) {
        String where = e.origin() == null ? file.getFileName().toString() : SettingsReader.where(e.origin());
        String said = String.valueOf(e.getMessage());
        if (e.origin() != null && said.startsWith(e.origin().description() + ": ")) {
            said = said.substring(e.origin().description().length() + 2);
        }
        return new BadInputException(
                where + ": " + (e instanceof UnresolvedSubstitution ? unresolved(said) : plain(said)));
    }

    private static String unresolved(String said) {
        Matcher reference = REFERENCE.matcher(said);
        String name = reference.find() ? reference.group() : "a ${…}";
        return said.contains("cycle")
                ? name + " refers to itself; write a value"
                : name + " is set nowhere; write ${?…} for what may be missing";
    }

    private static String plain(String said) {
        if (said.contains("string quote was still open") || said.contains("unescaped newline")) {
            return "a double quote is not closed; write \" at the end of the text";
        }
        if (said.startsWith("Expecting close brace") && said.contains("got end of file")) {
            return "a section is not closed; write } at its end";
        }
        if (said.startsWith("unbalanced close brace")) {
            return "there is one } too many; every } closes a {";
        }
        if (said.startsWith("List should have") && said.contains("end of file")) {
            return "a list is not closed; write ] at its end";
        }
        if (said.contains("not: end of file")) {
            return "a section or a list is not closed; write } or ] at its end";
        }
        if (said.contains("rather than object at file root")) {
            return "the file is a list; " + EXAMPLE;
        }
        if (said.contains("not found")) {
            return "no such file, though it is included";
        }
        if (said.contains("followed by token: '${'")) {
            return "a ${ is not closed; write } at the end of the name";
        }
        Matcher unexpected = UNEXPECTED.matcher(said);
        return unexpected.find()
                ? "'" + unexpected.group(1) + "' cannot stand here; put text that has more than letters, digits and"
                        + " hyphens in double quotes"
                : firstSentence(said) + "; " + EXAMPLE;
    }

    private static String firstSentence(String said) {
        String first = said.lines()
                .findFirst()
                .orElse("")
                .replaceFirst(" ?\\((if|use) .*$", "")
                .strip();
        return first.isEmpty()
                ? "no HOCON"
                : first.substring(0, 1).toLowerCase(Locale.ROOT) + briefly(first.substring(1));
    }

    /** The parser may quote the rest of the file. */
    private static String briefly(String said) {
        return said.length() <= LONGEST ? said : said.substring(0, LONGEST) + "…";
    }
}
