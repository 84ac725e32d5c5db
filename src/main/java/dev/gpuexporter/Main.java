package dev.gpuexporter;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.exposition.BuildInfo;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.RunLast;

/** The command line. */
@Command(
        name = "gpu-exporter",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        description = "Prometheus metrics of this node's NVIDIA GPUs, and of the pods that hold them.",
        footer = {
            "",
            "Every key of the configuration and its variable: reference.conf in the jar, docs/configuration.md.",
            "DCGM's exporter's flags and variables are taken, too: docs/moving-from-dcgm.md.",
            "Exit codes: 0 done, 1 something failed, 2 what was asked for cannot be meant."
        },
        subcommands = {
            ServeCommand.class,
            PrintCommand.class,
            DoctorCommand.class,
            HealthyCommand.class,
            MetricsCommand.class
        })
public final class Main implements Runnable {
    static final int FAILED = 1;
    static final int BAD_INPUT = 2;

    @Mixin
    private ServeCommand.Options options;

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
    static int run(String... args) {
        CommandLine main = new CommandLine(new Main());
        DcgmFlags.addTo(main.getCommandSpec());
        DcgmFlags.addTo(main.getSubcommands().get("serve").getCommandSpec());
        return main.setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((e, given) -> complain(
                        e.getCommandLine(), new BadInputException(BadCommandLine.problem(e)).getMessage(), BAD_INPUT))
                .setExecutionStrategy(parsed -> {
                    BadCommandLine.refuseOptionsBeforeSubcommand(parsed);
                    return new RunLast().execute(parsed);
                })
                .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                    if (e instanceof BadInputException) {
                        return complain(commandLine, e.getMessage(), BAD_INPUT);
                    }
                    if (e instanceof CannotServeException) {
                        return complain(commandLine, e.getMessage(), FAILED);
                    }
                    throw e;
                })
                .execute(args);
    }

    /** Without a subcommand: serve. */
    @Override
    public void run() {
        new ServeCommand(options).run();
    }

    private static int complain(CommandLine commandLine, String problem, int code) {
        commandLine.getErr().println("gpu-exporter: " + problem);
        return code;
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            BuildInfo build = BuildInfo.load();
            String revision = build.revision().isEmpty() ? "" : " (" + build.revision() + ")";
            return new String[] {"gpu-exporter " + build.version() + revision + ", Java " + build.java()};
        }
    }
}
