package dev.gpuexporter.simulation;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.MigLayout.GpuInstance;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds the GPU instances of one layout their places, as the driver does: no two share a memory slice. */
final class MigPlacements {
    private final GpuModel model;
    private int takenSlices;

    MigPlacements(GpuModel model) {
        this.model = model;
    }

    /** A GPU instance where it lies. */
    record Placed(MigProfile profile, int start) {
        int id() {
            return profile.instanceId(start);
        }

        private int slices() {
            return (1 << profile.size()) - 1 << start;
        }
    }

    /** Those that say where they start come first; the others take the first place that is free. */
    List<Placed> place(List<GpuInstance> instances) {
        List<MigProfile> profiles = instances.stream().map(this::profile).toList();
        for (MigProfile profile : profiles) {
            if (profiles.stream().filter(profile::equals).count() > profile.most()) {
                throw new BadInputException(
                        "a %s has at most %d of %s".formatted(model.id(), profile.most(), profile.name()));
            }
        }
        Placed[] placed = new Placed[profiles.size()];
        for (boolean told : List.of(true, false)) {
            for (int i = 0; i < placed.length; i++) {
                if (instances.get(i).start().isPresent() == told) {
                    placed[i] = place(profiles.get(i), instances.get(i).start());
                }
            }
        }
        return List.of(placed);
    }

    private MigProfile profile(GpuInstance instance) {
        Optional<MigProfile> profile = MigProfile.byName(model, instance.profile());
        return profile.orElseThrow(() -> new BadInputException("a %s has no MIG profile %s; it has %s"
                .formatted(
                        model.id(),
                        instance.profile(),
                        MigProfile.of(model).stream().map(MigProfile::name).collect(Collectors.joining(", ")))));
    }

    private Placed place(MigProfile profile, OptionalInt wanted) {
        IntStream starts = profile.starts().stream().mapToInt(Integer::intValue);
        OptionalInt start = starts.filter(at -> wanted.isEmpty() || wanted.getAsInt() == at)
                .filter(at -> (new Placed(profile, at).slices() & takenSlices) == 0)
                .findFirst();
        Placed placed = new Placed(
                profile,
                start.orElseThrow(() -> new BadInputException("there is no room for a %s%s on a %s"
                        .formatted(profile.name(), wanted.isPresent() ? " at " + wanted.getAsInt() : "", model.id()))));
        takenSlices |= placed.slices();
        return placed;
    }
}
