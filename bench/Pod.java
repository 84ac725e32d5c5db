package bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** One of those that share the compiled driver's GPUs, eight to a GPU. */
record Pod(int gpu, int share) {
    static final int GPUS = 8;
    private static final int SHARES = 8;

    static List<Pod> all() {
        return IntStream.range(0, GPUS * SHARES)
                .mapToObj(i -> new Pod(i / SHARES, i % SHARES))
                .toList();
    }

    String namespace() {
        return "prod";
    }

    String name() {
        return deployment() + "-6d4cf56db6-" + share;
    }

    String deployment() {
        return "inference-g" + gpu;
    }

    String uid() {
        return String.format(Locale.ROOT, "1f0c9a52-7c1e-4f0e-9b5d-0000000000%d%d", gpu, share);
    }

    /** What the device plugin calls a share; the UUID is the compiled driver's. */
    String device() {
        return "GPU-c0de0000-0000-4000-8000-00000000000" + gpu + "::" + share;
    }
}
