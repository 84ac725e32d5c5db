package dev.gpuexporter;

import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.doctor.Doctor;
import dev.gpuexporter.doctor.DriverCalls;
import dev.gpuexporter.doctor.HostFiles;
import dev.gpuexporter.doctor.KubeletAnswers;
import dev.gpuexporter.doctor.Report;
import dev.gpuexporter.kubernetes.ProcessSource;
import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.nvml.Nvml;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/** Reads the node once, as the exporter does, and says what is wrong with it. */
final class DoctorCommand implements Command {
    /** Where the driver is not kept loaded, the first call loads it, which takes seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Whoever polls once an hour does not want to wait for most of it. */
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(5);

    private static final Option FORMAT = Command.option("format", "FORMAT", "text (default) or json.");

    /** How the findings are printed. */
    enum Format {
        TEXT,
        JSON
    }

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String description() {
        return "Says what is wrong with this node, in the exporter's eyes, and how to mend it.";
    }

    @Override
    public List<Option> options() {
        return Stream.concat(ServeCommand.Options.ALL.stream(), Stream.of(FORMAT))
                .toList();
    }

    @Override
    public List<String> footer() {
        return List.of(
                NodeOptions.models(),
                "Exit codes: 0 nothing failed, though there may be warnings, 1 something failed, 2 what was asked for"
                        + " cannot be meant.");
    }

    @Override
    public int run(Arguments given) throws InterruptedException {
        Format format = given.word(FORMAT, Format.TEXT);
        ServeCommand.Options options = new ServeCommand.Options(given);
        Settings settings = options.settings();
        LogConfigurator.quiet(settings.logLevel());
        Report report = examine(settings, options.node(settings));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.print(format == Format.JSON ? report.json().encodePrettily() + "\n" : report.text());
        out.flush();
        return report.failures() == 0 ? 0 : Main.FAILED;
    }

    private static Report examine(Settings settings, Node node) throws InterruptedException {
        DriverCalls calls = new DriverCalls();
        KubeletAnswers answers = new KubeletAnswers();
        boolean brief = settings.pollInterval().compareTo(LONGEST_INTERVAL) < 0;
        Exporter exporter = new Exporter(
                brief ? settings : settings.polledEvery(LONGEST_INTERVAL),
                node.heardBy(calls, answers),
                InstantSource.system(),
                why -> {});
        try {
            exporter.readOnce();
            NodeView view = firstReading(exporter, calls);
            return new Doctor(
                            settings,
                            new Doctor.Patient(
                                    view,
                                    calls,
                                    calls.library().map(library -> new Nvml(library, node.host())),
                                    node.kubelet().map(asked -> answers),
                                    node.processes()
                                            .filter(source ->
                                                    settings.metricSwitches().contains(Group.WORKLOAD_USAGE.key()))
                                            .map(ProcessSource::sight),
                                    node.simulated() ? Optional.empty() : Optional.of(HostFiles.ofThisMachine())))
                    .examine();
        } finally {
            exporter.stop(Duration.ofMillis(1500));
        }
    }

    /** The first snapshot without an answer that may come yet; at the end of our patience, the last there was. */
    private static NodeView firstReading(Exporter exporter, DriverCalls calls) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && !(exporter.isFresh() && !calls.anyUnderWay())) {
            Thread.sleep(20);
        }
        return exporter.attribution().current();
    }
}
