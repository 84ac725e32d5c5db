package dev.gpuexporter.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once what has changed about the kubelet, and nothing while it stays so. For one thread. */
final class KubeletLog {
    private static final Logger LOG = LoggerFactory.getLogger(WorkloadRefresher.class);
    // One line for each code in one outage: a restart may well show several, again and again.
    private final Set<String> codes = new HashSet<>();
    private boolean dropped;
    private Instant since;

    void answered(WorkloadIndex index, Instant now) {
        int devices = index.allocations().size();
        if (since == null) {
            LOG.info("kubelet: answers; GPU devices in the hands of containers: {}", devices);
        } else if (!codes.isEmpty()) {
            LOG.info(
                    "kubelet: answers again after {}; GPU devices in the hands of containers: {}",
                    inWords(Duration.between(since, now)),
                    devices);
        }
        codes.clear();
        dropped = false;
        since = now;
    }

    void failed(KubeletException failure, WorkloadIndex standing, Duration standsFor) {
        boolean news = codes.add(failure.code());
        if (since == null) {
            if (news) {
                LOG.warn("kubelet: {}; no device has an owner until it answers", failure.getMessage());
            }
        } else if (standsFor.isZero()) {
            if (!dropped) {
                dropped = true;
                LOG.warn(
                        "kubelet: {}; the map of {} is dropped, no device has an owner until it answers",
                        failure.getMessage(),
                        time(standing));
            }
        } else if (news) {
            LOG.warn(
                    "kubelet: {}; the map of {} stands for {}",
                    failure.getMessage(),
                    time(standing),
                    inWords(standsFor));
        } else {
            LOG.debug("kubelet: {}", failure.getMessage());
        }
    }

    /** The pattern is read when it is needed, which on most nodes is never. */
    private static String time(WorkloadIndex index) {
        return DateTimeFormatter.ofPattern("HH:mm:ss").format(index.readAt().atZone(ZoneId.systemDefault()));
    }

    private static String inWords(Duration time) {
        if (time.compareTo(Duration.ofMinutes(2)) < 0) {
            return time.toSeconds() + " s";
        }
        return time.compareTo(Duration.ofHours(2)) < 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toHours() + " h " + time.toMinutesPart() + " min";
    }
}
