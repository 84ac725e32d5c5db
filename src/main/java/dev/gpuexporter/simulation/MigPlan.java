package dev.gpuexporter.simulation;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.MigLayout;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.Window;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How one GPU is cut up over time. A compute instance that is in one layout and in the next stays what it was; a new one
 * takes the lowest index that is free, and so the handle of one that is gone.
 */
final class MigPlan {
    /** As many as there are compute slices. */
    static final int MOST_DEVICES = 7;

    private final GpuModel model;
    private final Seed seed;
    private final boolean enabled;
    private final TreeMap<Duration, List<SimulatedMig>> layouts = new TreeMap<>();
    private final List<SimulatedMig> all;

    /** @throws BadInputException where the model cannot be cut up so */
    MigPlan(GpuModel model, Scenario.Gpu spec, Seed seed) {
        this.model = model;
        this.seed = seed;
        enabled = !spec.mig().isEmpty();
        if (enabled && !model.has(GpuModel.Feature.MIG)) {
            throw new BadInputException(model.id() + " has no MIG mode");
        }
        TreeMap<Duration, List<Cut>> cuts = new TreeMap<>();
        List<Cut> before = List.of();
        for (MigLayout layout : spec.mig()) {
            before = next(before, layout);
            cuts.put(layout.from(), before);
        }
        Map<Cut, SimulatedMig> finished = new IdentityHashMap<>();
        cuts.forEach((from, layout) -> layouts.put(
                from,
                layout.stream()
                        .map(cut -> finished.computeIfAbsent(cut, this::finish))
                        .toList()));
        all = List.copyOf(finished.values());
    }

    /** A compute instance in the making: nobody knows yet how long it will be there. */
    private static final class Cut {
        private final MigLayout.Part part;
        private final MigPlacements.Placed instance;
        private final Duration from;
        private final int index;
        private Optional<Duration> until = Optional.empty();

        Cut(MigLayout.Part part, MigPlacements.Placed instance, Duration from, int index) {
            this.part = part;
            this.instance = instance;
            this.from = from;
            this.index = index;
        }

        boolean is(MigLayout.Part other, MigPlacements.Placed place) {
            return place.id() == instance.id()
                    && place.profile().equals(instance.profile())
                    && other.compute() == part.compute()
                    && other.slices() == part.slices();
        }
    }

    private List<Cut> next(List<Cut> before, MigLayout layout) {
        List<MigPlacements.Placed> places = new MigPlacements(model).place(layout.instances());
        List<MigLayout.Part> parts = layout.parts();
        Cut[] cuts = new Cut[parts.size()];
        Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < cuts.length; i++) {
            MigLayout.Part part = parts.get(i);
            MigPlacements.Placed place = placeOf(part, layout, places);
            cuts[i] = before.stream()
                    .filter(cut -> cut.is(part, place))
                    .findFirst()
                    .orElse(null);
            if (cuts[i] != null) {
                taken.add(cuts[i].index);
            }
        }
        List<Cut> kept = Arrays.asList(cuts);
        before.stream().filter(cut -> !kept.contains(cut)).forEach(cut -> cut.until = Optional.of(layout.from()));
        for (int i = 0, index = 0; i < cuts.length; i++) {
            if (cuts[i] == null) {
                while (!taken.add(index)) {
                    index++;
                }
                cuts[i] = new Cut(parts.get(i), placeOf(parts.get(i), layout, places), layout.from(), index);
            }
        }
        return List.of(cuts);
    }

    /** Equal instances are told apart by which object they are. */
    private static MigPlacements.Placed placeOf(
            MigLayout.Part part, MigLayout layout, List<MigPlacements.Placed> places) {
        for (int i = 0; i < places.size(); i++) {
            if (layout.instances().get(i) == part.instance()) {
                return places.get(i);
            }
        }
        throw new IllegalStateException(part + " is of another layout");
    }

    private SimulatedMig finish(Cut cut) {
        MigProfile profile = cut.instance.profile();
        return new SimulatedMig(
                cut.index,
                uuid(cut.instance.id(), cut.part.compute()),
                cut.part.profile(),
                profile,
                cut.instance.id(),
                cut.part.compute(),
                cut.part.slices(),
                profile.multiprocessors(cut.part.slices(), model),
                new Window(cut.from, cut.until));
    }

    /**
     * Version 5: made from a name. From which, nobody says; here from the GPU's and the two ids, so that an instance in
     * another's place has its UUID, which is the worst that a reader may meet.
     */
    private String uuid(int gpuInstance, int computeInstance) {
        Seed own = seed.of("mig " + gpuInstance + "/" + computeInstance);
        long high = own.bits(0) & 0xFFFFFFFFFFFF0FFFL | 0x5000L;
        long low = own.bits(1) & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
        return "MIG-" + new UUID(high, low);
    }

    /** Whether the GPU is in MIG mode, cut up or not. */
    boolean enabled() {
        return enabled;
    }

    /** Every MIG device that the GPU ever has. */
    List<SimulatedMig> all() {
        return all;
    }

    /** Those there are at a time, in the order of the scenario. */
    List<SimulatedMig> at(long elapsedNanos) {
        Map.Entry<Duration, List<SimulatedMig>> layout = layouts.floorEntry(Duration.ofNanos(elapsedNanos));
        return layout == null ? List.of() : layout.getValue();
    }

    /** The one that NVML finds under an index. */
    Optional<SimulatedMig> at(long elapsedNanos, int index) {
        return at(elapsedNanos).stream().filter(mig -> mig.index() == index).findFirst();
    }

    /** What the GPU instances use, whatever runs on them. */
    long idleBytes(long elapsedNanos) {
        Map<Integer, Long> byInstance = at(elapsedNanos).stream()
                .collect(Collectors.toMap(
                        SimulatedMig::gpuInstance, mig -> mig.profile().idleBytes(), (one, same) -> one));
        return byInstance.values().stream().mapToLong(Long::longValue).sum();
    }
}
