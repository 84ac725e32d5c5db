package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario.Failure;
import dev.gpuexporter.config.Scenario.FailureKind;
import java.util.List;
import java.util.stream.IntStream;

/** The NVLinks of one GPU as they run. An idle link moves almost nothing, a busy one a quarter of what it can carry. */
final class NvLinkCounters {
    private static final double IDLE_BYTES_PER_SECOND = 300;
    private static final double BUSY_SHARE = 0.25;
    private static final double MEGA = 1e6;
    private static final int MOST_DAMAGED_A_STEP = 4;
    private static final int DAMAGED_A_RECOVERY = 50;

    private final GpuModel.NvLink kind;
    private final List<Failure> failures;
    private final Seed traffic;
    private final Seed damage;
    private final Link[] links;

    /** @param failures those of this GPU's links */
    NvLinkCounters(GpuModel.NvLink kind, List<Failure> failures, Seed seed) {
        this.kind = kind;
        this.failures = List.copyOf(failures);
        traffic = seed.of("NVLink traffic");
        damage = seed.of("NVLink damage");
        links = IntStream.range(0, kind.links())
                .mapToObj(
                        link -> new Link(link, 0.95 + 0.1 * traffic.of("share").uniform(link)))
                .toArray(Link[]::new);
    }

    void driverUnloaded() {
        for (Link link : links) {
            link.begin();
        }
    }

    void advance(long step, double utilization) {
        if (links.length == 0) {
            return;
        }
        double seconds = Physics.STEP_NANOS / 1e9;
        double busy = kind.megabytesPerSecond() * MEGA * BUSY_SHARE * utilization;
        double transmit = (IDLE_BYTES_PER_SECOND + busy * (0.9 + 0.1 * traffic.uniform(2 * step))) * seconds;
        double receive = (IDLE_BYTES_PER_SECOND + busy * (0.8 + 0.1 * traffic.uniform(2 * step + 1))) * seconds;
        for (Link link : links) {
            link.set(!suffers(link.number, FailureKind.NVLINK_DOWN, step));
            if (link.up) {
                link.transmitBytes += transmit * link.share;
                link.receiveBytes += receive * link.share;
                if (suffers(link.number, FailureKind.NVLINK_ERRORS, step)) {
                    link.damaged += damage.of("link " + link.number).bits(step) >>> 1 & MOST_DAMAGED_A_STEP - 1;
                }
            }
        }
    }

    private boolean suffers(int link, FailureKind kind, long step) {
        if (failures.isEmpty()) {
            return false;
        }
        for (Failure failure : failures) {
            if (failure.kind() == kind
                    && failure.link().orElse(link) == link
                    && failure.window().contains(step * Physics.STEP_NANOS)) {
                return true;
            }
        }
        return false;
    }

    List<NvLinkState> now() {
        return IntStream.range(0, links.length)
                .mapToObj(link -> links[link].now())
                .toList();
    }

    /** One of them. */
    private static final class Link {
        private final int number;
        private final double share;
        private boolean up = true;
        private double transmitBytes;
        private double receiveBytes;
        private long damaged;
        private long recoveries;
        private long failures;

        Link(int number, double share) {
            this.number = number;
            this.share = share;
        }

        void begin() {
            transmitBytes = 0;
            receiveBytes = 0;
            damaged = 0;
            recoveries = 0;
            failures = 0;
        }

        void set(boolean isUp) {
            if (up && !isUp) {
                failures++;
            } else if (!up && isUp) {
                recoveries++;
            }
            up = isUp;
        }

        NvLinkState now() {
            long all = recoveries + damaged / DAMAGED_A_RECOVERY;
            return new NvLinkState(up, transmitBytes, receiveBytes, damaged, all, failures);
        }
    }
}
