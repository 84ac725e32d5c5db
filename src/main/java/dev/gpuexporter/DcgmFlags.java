package dev.gpuexporter;

import dev.gpuexporter.config.DcgmSwitch;
import dev.gpuexporter.config.DcgmSwitch.Given;
import dev.gpuexporter.config.DcgmSwitches;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;

/** Takes the flags of DCGM's exporter, so that its DaemonSets need not be changed; the help has one line on them. */
final class DcgmFlags {
    private DcgmFlags() {}

    static List<Option> options() {
        return DcgmSwitches.ALL.stream().map(DcgmFlags::option).toList();
    }

    private static Option option(DcgmSwitch one) {
        Option.Builder option =
                Option.builder().hasArg().optionalArg(!one.takesValue()).argName("VALUE");
        for (String flag : one.flags()) {
            if (flag.startsWith("--")) {
                option.longOpt(flag.substring(2));
            } else {
                option.option(flag.substring(1));
            }
        }
        return option.get();
    }

    /** Those that were written, each by its longest name. */
    static List<Given> in(Arguments arguments) {
        List<Given> given = new ArrayList<>();
        for (DcgmSwitch one : DcgmSwitches.ALL) {
            Option option = option(one);
            arguments
                    .value(option, "true")
                    .ifPresent(value -> given.add(new Given(one, Arguments.written(option), value)));
        }
        return given;
    }
}
