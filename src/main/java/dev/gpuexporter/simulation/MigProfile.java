package dev.gpuexporter.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A way to cut a GPU instance out of a GPU.
 *
 * @param name such as 3g.40gb
 * @param slices compute slices, of seven
 * @param size memory slices, of eight
 * @param starts the memory slices at which it may start
 * @param most how many of them a GPU can have
 */
record MigProfile(
        String name,
        int slices,
        int size,
        List<Integer> starts,
        int most,
        long memoryBytes,
        int multiprocessors,
        Engines engines) {
    private static final long MIB = 1L << 20;
    private static final List<Integer> ANY = List.of(0, 1, 2, 3, 4, 5, 6);
    private static final List<Integer> PAIRS = List.of(0, 2, 4, 6);

    /** Copy engines, decoders, JPEG decoders and optical flow engines. No GPU with MIG has an encoder. */
    record Engines(int copy, int decoders, int jpeg, int ofa) {}

    /** The names of a model's profiles, their MiB and their multiprocessors: 1g, 1g with double memory, 2g, 3g, 4g, 7g. */
    private record Sizes(List<String> names, List<Integer> mebibytes, List<Integer> multiprocessors) {}

    private static final Map<String, Sizes> SIZES = Map.of(
            "a100",
            new Sizes(
                    List.of("1g.5gb", "1g.10gb", "2g.10gb", "3g.20gb", "4g.20gb", "7g.40gb"),
                    List.of(4864, 9856, 9856, 19968, 19968, 40192),
                    List.of(14, 14, 28, 42, 56, 98)),
            "a100-80",
            new Sizes(
                    List.of("1g.10gb", "1g.20gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb"),
                    List.of(9728, 19968, 19968, 40192, 40192, 80896),
                    List.of(14, 14, 28, 42, 56, 98)),
            "h100",
            new Sizes(
                    List.of("1g.10gb", "1g.20gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb"),
                    List.of(9984, 20096, 20096, 40448, 40448, 81152),
                    List.of(16, 26, 32, 60, 64, 132)),
            "h200",
            new Sizes(
                    List.of("1g.18gb", "1g.35gb", "2g.35gb", "3g.71gb", "4g.71gb", "7g.141gb"),
                    List.of(16384, 33280, 33280, 71424, 71424, 143360),
                    List.of(16, 26, 32, 60, 64, 132)),
            "b200",
            new Sizes(
                    List.of("1g.23gb", "1g.45gb", "2g.45gb", "3g.90gb", "4g.90gb", "7g.180gb"),
                    List.of(23040, 46080, 46080, 92160, 92160, 184320),
                    List.of(18, 18, 36, 54, 72, 126)));

    /** As NVIDIA's MIG user guide has them for A100, and for H100, whose successors are taken to be like it. */
    private static final List<Engines> AMPERE_ENGINES = List.of(
            new Engines(1, 0, 0, 0),
            new Engines(1, 1, 0, 0),
            new Engines(2, 1, 0, 0),
            new Engines(3, 2, 0, 0),
            new Engines(4, 2, 0, 0),
            new Engines(7, 5, 1, 1));

    private static final List<Engines> LATER_ENGINES = List.of(
            new Engines(1, 1, 1, 0),
            new Engines(1, 1, 1, 0),
            new Engines(2, 2, 2, 0),
            new Engines(3, 3, 3, 0),
            new Engines(4, 4, 4, 0),
            new Engines(8, 7, 7, 1));

    private static final Engines MEDIA_ENGINES = new Engines(1, 1, 1, 1);

    /** Those of a whole GPU, by its architecture. */
    static Engines enginesOf(GpuModel model) {
        return (model.architecture() == GpuModel.AMPERE ? AMPERE_ENGINES : LATER_ENGINES).get(5);
    }

    /** Those of a model; none where no record tells them. */
    static List<MigProfile> of(GpuModel model) {
        Sizes sizes = SIZES.get(model.id());
        if (sizes == null) {
            return List.of();
        }
        List<Engines> engines = model.architecture() == GpuModel.AMPERE ? AMPERE_ENGINES : LATER_ENGINES;
        List<MigProfile> profiles = new ArrayList<>();
        profiles.add(profile(sizes, 0, 1, 1, ANY, 7, engines.get(0)));
        MigProfile single = profiles.get(0);
        profiles.add(new MigProfile(
                single.name + "+me", 1, 1, ANY, 1, single.memoryBytes, single.multiprocessors, MEDIA_ENGINES));
        profiles.add(profile(sizes, 1, 1, 2, PAIRS, 4, engines.get(1)));
        profiles.add(profile(sizes, 2, 2, 2, List.of(0, 2, 4), 3, engines.get(2)));
        profiles.add(profile(sizes, 3, 3, 4, List.of(0, 4), 2, engines.get(3)));
        profiles.add(profile(sizes, 4, 4, 4, List.of(0), 1, engines.get(4)));
        profiles.add(profile(sizes, 5, 7, 8, List.of(0), 1, engines.get(5)));
        return profiles;
    }

    private static MigProfile profile(
            Sizes sizes, int place, int slices, int size, List<Integer> starts, int most, Engines engines) {
        return new MigProfile(
                sizes.names.get(place),
                slices,
                size,
                starts,
                most,
                sizes.mebibytes.get(place) * MIB,
                sizes.multiprocessors.get(place),
                engines);
    }

    static Optional<MigProfile> byName(GpuModel model, String name) {
        return of(model).stream().filter(profile -> profile.name.equals(name)).findFirst();
    }

    /** The id of an instance that starts there: halves, quarters and eighths are numbered one after the other. */
    int instanceId(int start) {
        return 8 / size - 1 + start / size;
    }

    /** What an idle instance uses; recorded for one to three slices, the rest follows them. */
    long idleBytes() {
        return switch (slices) {
            case 1 -> 9 * MIB;
            case 2 -> 17 * MIB;
            case 3 -> 24 * MIB;
            default -> 8L * slices * MIB;
        };
    }

    /** Of a compute instance: a part of it has as many a slice as the smallest instance has. */
    int multiprocessors(int computeSlices, GpuModel model) {
        return computeSlices == slices
                ? multiprocessors
                : computeSlices * of(model).get(0).multiprocessors;
    }
}
