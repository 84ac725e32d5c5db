package dev.gpuexporter.config;

import dev.gpuexporter.config.Scenario.Failure;
import dev.gpuexporter.config.Scenario.FailureKind;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the failures of a scenario's file. */
final class FailureReader {
    private static final int HIGHEST_XID = 999;
    private static final int HIGHEST_LINK = 35;

    private final int gpus;

    FailureReader(int gpus) {
        this.gpus = gpus;
    }

    Failure read(Section.Entry entry) {
        Section section = entry.section("kind", "gpu", "from", "until", "function", "xid", "link");
        FailureKind kind = PodReader.choice(section.required("kind", "lost"), FailureKind.class);
        Optional<String> function = section.entry("function").map(ScenarioFile::function);
        OptionalInt xid =
                section.get("xid", number -> OptionalInt.of(number.integer(1, HIGHEST_XID)), OptionalInt.empty());
        if (kind == FailureKind.UNKNOWN_ERROR && function.isEmpty()) {
            throw section.missing("function", "nvmlDeviceGetPowerUsage");
        }
        if (kind == FailureKind.XID && xid.isEmpty()) {
            throw section.missing("xid", "79");
        }
        return new Failure(kind, gpu(section, kind), PodReader.window(section), function, xid, link(section, kind));
    }

    private static OptionalInt link(Section section, FailureKind kind) {
        Optional<Section.Entry> entry = section.entry("link");
        if (entry.isPresent() && !kind.ofALink()) {
            throw entry.get().wrong("this kind does not befall NVLinks", "leave link out");
        }
        return entry.map(link -> OptionalInt.of(link.integer(0, HIGHEST_LINK))).orElse(OptionalInt.empty());
    }

    /** {@code all}, or one by its index; what befalls the node names none. */
    private OptionalInt gpu(Section section, FailureKind kind) {
        Optional<Section.Entry> entry = section.entry("gpu");
        boolean all = entry.filter(gpu -> !gpu.text().equals("all")).isEmpty();
        if (kind.ofTheNode() && !all) {
            throw entry.get().wrong("this kind befalls the whole node", "leave gpu out");
        }
        if (!kind.ofTheNode() && kind != FailureKind.UNKNOWN_ERROR && entry.isEmpty()) {
            throw section.missing("gpu", "0, or all");
        }
        return all ? OptionalInt.empty() : OptionalInt.of(PodReader.index(entry.get(), gpus));
    }
}
