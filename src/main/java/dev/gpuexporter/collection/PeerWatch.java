package dev.gpuexporter.collection;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.gpuexporter.metrics.PeerMetrics;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.nvml.Nvml;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.PeerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks once a minute, and when others answer than before, how the GPUs stand to each other. A call with two GPUs hangs
 * where either does, so that no GPU's own thread makes it: it has one that lasts for the asking, begins right after a
 * poll, and asks of those alone that answered in it. Where a call hangs all the same nothing is started behind it, and
 * what is known is not shown for long.
 */
final class PeerWatch {
    private static final Logger log = LoggerFactory.getLogger(PeerWatch.class);
    private static final Duration PACE = Duration.ofMinutes(1);
    private static final Duration SHOWN = Duration.ofMinutes(3);
    private static final Answer NOTHING = new Answer(Pause.NONE, List.of());

    private volatile boolean asking;
    private volatile Answer last = NOTHING;
    private Pause pause = Pause.NONE;
    private volatile List<DeviceIdentity> asked = List.of();
    private boolean said;

    /** What was told, and how long it is shown. */
    private record Answer(Pause shown, List<PeerStatus> peers) {}

    /** Asks, if it is time; on the poller's thread, which it does not hold up. */
    void ask(Nvml nvml, List<DeviceReading> readings, Instant now) {
        List<DeviceIdentity> gpus = readings.stream()
                .filter(DeviceReading::isUp)
                .flatMap(reading -> reading.identity().stream())
                .toList();
        boolean due = pause.isOver(now);
        if (gpus.size() < 2 || gpus.equals(asked) && !due) {
            return;
        }
        if (asking) {
            if (due && !said) {
                said = true;
                log.warn(
                        "nvmlDeviceGetP2PStatus does not return; which GPUs reach each other is not told until it does");
            }
            return;
        }
        pause = new Pause(now, PACE);
        asked = gpus;
        said = false;
        asking = true;
        Thread thread = new Thread(() -> answer(nvml, gpus, now), "gpu-peers");
        thread.setDaemon(true);
        thread.start();
    }

    private void answer(Nvml nvml, List<DeviceIdentity> gpus, Instant now) {
        try (Nvml.Visit visit = nvml.enter()) {
            take(gpus, new Answer(new Pause(now, SHOWN), nvml.peers().overNvLink(gpus)));
        } catch (NvmlException e) { // the next poll says so
            take(gpus, NOTHING);
        } finally {
            asking = false;
        }
    }

    /** Unless the driver has gone since they were asked of. */
    private synchronized void take(List<DeviceIdentity> gpus, Answer answer) {
        if (gpus == asked) {
            last = answer;
        }
    }

    /** The driver has gone: what it said is void, and so is what it is about to say. */
    synchronized void forget() {
        asked = List.of();
        last = NOTHING;
    }

    /** The readings with what is known of GPUs that answer; both of a pair must. */
    List<DeviceReading> addTo(List<DeviceReading> readings, Instant now) {
        Answer known = last;
        if (known.shown().isOver(now)) {
            return readings;
        }
        Set<String> up = readings.stream()
                .filter(DeviceReading::isUp)
                .map(DeviceReading::uuid)
                .collect(toUnmodifiableSet());
        return readings.stream()
                .map(reading -> reading.isUp() ? reading.with(samples(reading, known.peers(), up)) : reading)
                .toList();
    }

    private static List<Sample> samples(DeviceReading reading, List<PeerStatus> peers, Set<String> up) {
        return peers.stream()
                .filter(pair -> pair.gpu().uuid().equals(reading.uuid()))
                .filter(pair -> up.contains(pair.peer().uuid()))
                .map(pair -> new Sample(
                        PeerMetrics.NVLINK_STATUS,
                        List.of(
                                Integer.toString(pair.peer().index()),
                                pair.peer().uuid()),
                        pair.nvLink()))
                .toList();
    }
}
