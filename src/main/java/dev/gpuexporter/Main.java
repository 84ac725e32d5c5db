package dev.gpuexporter;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.exposition.BuildInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/** The command line. */
public final class Main {
    static final int FAILED = 1;
    static final int BAD_INPUT = 2;

    private static final String NAME = "gpu-exporter";
    private static final String DESCRIPTION =
            "Prometheus metrics of this node's NVIDIA GPUs, and of the pods that hold them.";

    /** What happens without a command. Not static: what logs may be loaded only when the log is set up. */
    private final Command serve = new ServeCommand();

    private final List<Command> commands =
            List.of(serve, new PrintCommand(), new DoctorCommand(), new HealthyCommand(), new MetricsCommand());

    private Main() {}

    /** In one language, that of programs: in others, digits are not those that Prometheus reads. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        LogConfigurator.install();
        int code = run(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Everything but the end of the process; 0 also where the server has been started and goes on. */
    static int run(String... words) {
        try {
            return new Main().run(List.of(words));
        } catch (BadInputException e) {
            return complain(e, BAD_INPUT);
        } catch (CannotServeException e) {
            return complain(e, FAILED);
        } catch (Exception | LinkageError e) {
            e.printStackTrace();
            return FAILED;
        }
    }

    private int run(List<String> words) throws Exception {
        Arguments given = Arguments.leading(NAME, serve, words);
        if (given.rest().isEmpty() || given.has(Arguments.HELP)) {
            return run(NAME, serve, given);
        }
        String word = given.rest().get(0);
        Optional<Command> command =
                commands.stream().filter(one -> one.name().equals(word)).findFirst();
        if (command.isEmpty()) {
            throw BadCommandLine.unknown(NAME, known(), word);
        }
        Optional<Option> misplaced = given.first();
        if (misplaced.isPresent()) {
            // It would be set where nobody looks at it.
            throw new BadInputException(
                    Arguments.written(misplaced.get()) + " does nothing before " + word + "; write it after");
        }
        String name = NAME + " " + word;
        return run(
                name,
                command.get(),
                Arguments.of(
                        name,
                        command.get(),
                        given.rest().subList(1, given.rest().size())));
    }

    private int run(String name, Command command, Arguments given) throws Exception {
        if (given.has(Arguments.HELP)) {
            System.out.print(name.equals(NAME) ? help() : Help.of(name, command));
            return 0;
        }
        if (given.has(Arguments.VERSION)) {
            System.out.println(version());
            return 0;
        }
        return command.run(given);
    }

    private List<String> known() {
        return Stream.concat(commands.stream().map(Command::name), Arguments.namesOf(serve).stream())
                .toList();
    }

    private String help() {
        return Help.of(
                NAME,
                DESCRIPTION,
                serve.options(),
                commands,
                List.of(
                        NodeOptions.models(),
                        "Every key of the configuration and its variable: reference.conf in the jar,"
                                + " docs/configuration.md.",
                        "DCGM's exporter's flags and variables are taken, too: docs/moving-from-dcgm.md.",
                        "Exit codes: 0 done, 1 something failed, 2 what was asked for cannot be meant."));
    }

    private static String version() {
        BuildInfo build = BuildInfo.load();
        String revision = build.revision().isEmpty() ? "" : " (" + build.revision() + ")";
        return "gpu-exporter " + build.version() + revision + ", Java " + build.java();
    }

    private static int complain(RuntimeException problem, int code) {
        System.err.println(NAME + ": " + problem.getMessage());
        return code;
    }
}
