package dev.gpuexporter.collection;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether one GPU answers, and since when not; says so in the log when it changes. */
final class DeviceHealth {
    /** A GPU that is lost is left alone for this long. */
    static final Duration RETRY = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(DeviceHealth.class);

    private DeviceReading last;
    private Optional<Instant> downSince = Optional.empty();
    private Pause pause = Pause.NONE;

    DeviceHealth(int index) {
        last = new DeviceReading(index, Optional.empty(), Optional.empty(), Optional.of("not asked yet"), List.of());
    }

    /** What is known of the GPU after the last poll. */
    DeviceReading last() {
        return last;
    }

    boolean mayBeAsked(Instant now) {
        return pause.isOver(now);
    }

    /** The GPU answered; returns what was known of it until now. */
    DeviceReading answered(DeviceReading reading, Instant now) {
        DeviceReading before = last;
        last = reading;
        downSince.ifPresent(since -> log.info("{} is back after {}", name(), spoken(Duration.between(since, now))));
        downSince = Optional.empty();
        pause = Pause.NONE;
        return before;
    }

    /** The GPU says that it cannot answer; it is left alone for a while. */
    void failed(String code, Instant now) {
        pause = new Pause(now, RETRY);
        down(code, now, "trying again every " + RETRY.toSeconds() + " s");
    }

    /** The GPU did not answer in time; the call is still under way, and nothing is started behind it. */
    void silent(Duration deadline, Instant now) {
        down("no answer within " + spoken(deadline), now, "the call is waited for, the other GPUs are read on");
    }

    /** What the log says of how long it was gone cannot be less than nothing. */
    void clockWas(SetBack setBack) {
        downSince = setBack.past(downSince);
    }

    /** Nobody can ask the GPU, since the driver has gone. */
    void outOfReach(String why) {
        last = last.down(why);
    }

    private void down(String why, Instant now, String consequence) {
        if (downSince.isEmpty()) {
            downSince = Optional.of(now);
            log.warn("{} lost: {}; its readings are gone, gpu_up is 0, {}", name(), why, consequence);
        }
        last = last.down(why);
    }

    private String name() {
        return last.identity().map(Object::toString).orElse("GPU " + last.index());
    }

    /** {@code 5 s}, {@code 0.4 s} or {@code 4 min 10 s}. */
    static String spoken(Duration duration) {
        if (duration.toMillis() % 1000 != 0 && duration.toSeconds() < 10) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        long seconds = duration.toSeconds();
        return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
    }
}
