package dev.gpuexporter;

import dev.gpuexporter.config.DcgmSwitch;
import dev.gpuexporter.config.DcgmSwitch.Given;
import dev.gpuexporter.config.DcgmSwitches;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Takes the flags of DCGM's exporter, so that its DaemonSets need not be changed; the help has one line on them. */
final class DcgmFlags {
    private DcgmFlags() {}

    static void addTo(CommandSpec command) {
        for (DcgmSwitch one : DcgmSwitches.ALL) {
            OptionSpec.Builder option = OptionSpec.builder(one.flags().toArray(String[]::new))
                    .type(String.class)
                    .paramLabel("VALUE")
                    .hidden(true);
            command.addOption(
                    one.takesValue()
                            ? option.arity("1").build()
                            : option.arity("0..1").fallbackValue("true").build());
        }
    }

    /** Those that were written, each by its longest name. */
    static List<Given> in(ParseResult parsed) {
        List<Given> given = new ArrayList<>();
        for (DcgmSwitch one : DcgmSwitches.ALL) {
            String flag = one.flags().get(one.flags().size() - 1);
            if (parsed.hasMatchedOption(flag)) {
                given.add(new Given(one, flag, parsed.matchedOptionValue(flag, "")));
            }
        }
        return given;
    }
}
