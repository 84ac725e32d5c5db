package dev.gpuexporter;

import java.util.List;
import org.apache.commons.cli.Option;

/** What can be asked for by the first word of the command line. */
interface Command {
    String name();

    /** In a sentence. */
    String description();

    /** Its own, in the order of the help; {@code --help} and {@code --version} are everybody's. */
    List<Option> options();

    /** Those that are taken, but not in the help. */
    default List<Option> hiddenOptions() {
        return List.of();
    }

    /** The last lines of its help. */
    default List<String> footer() {
        return List.of();
    }

    /** @return the process's exit code; 0 also where a server has been started and goes on */
    int run(Arguments given) throws Exception;

    /** An option that needs a value after it. */
    static Option option(String name, String value, String description) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName(value)
                .desc(description)
                .get();
    }
}
