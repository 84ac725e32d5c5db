package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PcieReadingTest {
    private static final String SENT = "gpu_pcie_transmit_bytes_total";
    private static final String RECEIVED = "gpu_pcie_receive_bytes_total";

    @Test
    void countsBytesOnceTheCounterIsSeenToBeWiderThan32Bits() throws Exception {
        ReadNode node = ReadNode.of("h200"); // its counters have 64 bits, and about 1 GB/s come in
        assertThat(node.after(Duration.ofSeconds(1), 0).value(RECEIVED)).isEmpty();
        DeviceReading later = node.after(Duration.ofSeconds(30), 0);

        assertThat(later.value(RECEIVED).orElseThrow()).isBetween(20e9, 40e9);
        assertThat(later.value(SENT).orElseThrow()).isBetween(6e9, 12e9);
    }

    @Test
    void countsNoBytesOfAFastLinkWhoseCounterMayWrapUnseen() throws Exception {
        ReadNode node = ReadNode.of("a100"); // 32 bits, full in seconds
        for (int poll = 0; poll < 20; poll++) {
            DeviceReading reading = node.after(Duration.ofSeconds(5), 0);
            assertThat(reading.value(SENT)).isEmpty();
            assertThat(reading.value(RECEIVED)).isEmpty();
        }
    }

    /** Generation 3 on sixteen lanes carries 20 GB/s at most: a fifth of a second is too short for 4 GiB. */
    @Test
    void followsACounterOf32BitsThatIsReadOftenEnough() throws Exception {
        ReadNode node = ReadNode.of("t4");
        node.read(0);
        double before = 0;
        for (int poll = 0; poll < 60; poll++) {
            OptionalDouble now = node.after(Duration.ofMillis(200), 0).value(RECEIVED);
            assertThat(now.orElseThrow()).isGreaterThan(before);
            before = now.orElseThrow();
        }
        assertThat(before).isBetween(5e9, 16e9); // it has wrapped by then
    }

    @Test
    void countsErrorsByTheirKind() throws Exception {
        ReadNode node = ReadNode.of("link-trouble");
        DeviceReading reading = node.after(Duration.ofMinutes(2), 2);
        String errors = "gpu_pcie_errors_total";
        double replays = reading.value("gpu_pcie_replays_total").orElseThrow();

        assertThat(replays).isBetween(700.0, 1000.0); // half of 0 to 3 in each of 1100 steps
        assertThat(reading.value(errors, "bad_tlp").orElseThrow()).isBetween(replays / 2 - 5, replays / 2 + 1);
        assertThat(reading.value(errors, "receiver").orElseThrow()).isBetween(replays / 3 - 5, replays / 3 + 1);
        assertThat(reading.value(errors, "fatal")).hasValue(0);
        assertThat(reading.value("gpu_pcie_naks_total", "sent").orElseThrow())
                .isLessThan(reading.value("gpu_pcie_naks_total", "received").orElseThrow());
        assertThat(reading.value("gpu_pcie_recoveries_total").orElseThrow()).isPositive();
        assertThat(node.read(0).value("gpu_pcie_recoveries_total")).hasValue(0);
    }

    @Test
    void measuresThroughputInBytesWhereSomebodyAsksForIt() throws Exception {
        DeviceReading reading = ReadNode.of("h200x8").after(Duration.ofMinutes(1), 7);

        assertThat(reading.value("gpu_pcie_throughput_transmit_bytes_per_second")
                        .orElseThrow())
                .isBetween(300e3, 600e3);
        assertThat(reading.value("gpu_pcie_throughput_receive_bytes_per_second").orElseThrow())
                .isBetween(300e3, 600e3);
    }

    @Test
    void goesOnWhenTheReplayCounterWraps() throws Exception {
        AtomicLong hardware = new AtomicLong(4_294_967_290L);
        ReadNode node = ReadNode.of(
                PolledNode.scenario("h200"),
                library -> AnsweredFields.in(library, (field, scope, value) -> {
                    if (field == 94) {
                        AnsweredFields.u32(value, hardware.get());
                    }
                }));
        String replays = "gpu_pcie_replays_total";
        assertThat(node.read(0).value(replays)).hasValue(4_294_967_290.0);
        hardware.addAndGet(10); // 4 in 32 bits
        assertThat(node.read(0).value(replays)).hasValue(4_294_967_300.0);
        hardware.addAndGet(1L << 32); // unseen: what Prometheus would not know either
        assertThat(node.read(0).value(replays)).hasValue(4_294_967_300.0);
        hardware.set(0); // a reset
        assertThat(node.read(0).value(replays)).hasValue(0);
    }
}
