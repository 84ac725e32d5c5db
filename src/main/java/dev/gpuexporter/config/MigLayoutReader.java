package dev.gpuexporter.config;

import com.typesafe.config.ConfigValueType;
import dev.gpuexporter.config.MigLayout.GpuInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Reads how a GPU of a scenario's file is cut up, and how that changes under way. */
final class MigLayoutReader {
    private static final int LAST_SLICE = 7;

    private MigLayoutReader() {}

    /** By time; none where the GPU is not in MIG mode. */
    static List<MigLayout> read(Section gpu) {
        if (gpu.entry("mig").isEmpty()) {
            gpu.entry("mig-changes").ifPresent(entry -> {
                throw entry.wrong("the GPU is not in MIG mode", "write mig = [] for one that is not cut up at first");
            });
            return List.of();
        }
        List<MigLayout> layouts = new ArrayList<>();
        layouts.add(new MigLayout(Duration.ZERO, instances(gpu)));
        for (Section.Entry entry : gpu.elements("mig-changes")) {
            Section change = entry.section("at", "mig");
            Section.Entry at = change.required("at", "1m");
            Duration time = PodReader.duration(at);
            if (time.compareTo(layouts.get(layouts.size() - 1).from()) <= 0) {
                throw at.wrong('"' + at.text() + "\" is not after the change before", "write a longer time");
            }
            change.required("mig", "[1g.10gb, 3g.40gb]");
            layouts.add(new MigLayout(time, instances(change)));
        }
        return layouts;
    }

    private static List<GpuInstance> instances(Section section) {
        return section.elements("mig").stream().map(MigLayoutReader::instance).toList();
    }

    private static GpuInstance instance(Section.Entry entry) {
        if (entry.value().valueType() != ConfigValueType.OBJECT) {
            profile(entry);
            return GpuInstance.whole(entry.text(), OptionalInt.empty());
        }
        Section section = entry.section("profile", "start", "split");
        Section.Entry profile = section.required("profile", "3g.40gb");
        int slices = profile(profile);
        OptionalInt start =
                section.get("start", number -> OptionalInt.of(number.integer(0, LAST_SLICE)), OptionalInt.empty());
        List<Integer> split = section.elements("split").stream()
                .map(number -> number.integer(1, slices))
                .toList();
        if (split.isEmpty()) {
            return GpuInstance.whole(profile.text(), start);
        }
        if (split.stream().mapToInt(Integer::intValue).sum() > slices) {
            throw section.entry("split").orElseThrow().wrong("there are not so many slices", "it has " + slices);
        }
        return new GpuInstance(profile.text(), start, split);
    }

    private static int profile(Section.Entry entry) {
        return GpuInstance.slices(entry.text())
                .orElseThrow(() -> entry.wrong(
                        '"' + entry.text() + "\" is no profile",
                        "write 1g.10gb, or { profile = 3g.40gb, split = [1, 2] }"));
    }
}
