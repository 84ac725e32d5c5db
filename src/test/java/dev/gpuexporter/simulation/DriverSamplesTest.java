package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The samples that the driver takes by itself. */
class DriverSamplesTest {
    private static final int POWER = 0;
    private static final int UTILIZATION = 1;

    private final Memory type = new Memory(4);
    private final Memory count = new Memory(4);
    private final Memory samples = new Memory(16 * 200);

    private record Sample(long micros, int value) {}

    private NvmlReturn call(Caller caller, int kind, long lastSeen) {
        Pointer gpu = caller.gpu(0);
        count.setInt(0, 200);
        return NvmlReturn.of(caller.nvml.nvmlDeviceGetSamples(gpu, kind, lastSeen, type, count, samples));
    }

    private List<Sample> read(Caller caller, int kind, long lastSeen) {
        assertThat(call(caller, kind, lastSeen)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(type.getInt(0)).isEqualTo(1);
        List<Sample> read = new ArrayList<>();
        for (int i = 0; i < count.getInt(0); i++) {
            read.add(new Sample(samples.getLong(16L * i), samples.getInt(16L * i + 8)));
        }
        return read;
    }

    @Test
    void powerIsSampledFiftyTimesASecond() {
        Caller caller = Caller.of("h200");
        caller.pass(Duration.ofSeconds(30));
        List<Sample> power = read(caller, POWER, 0);
        assertThat(power).hasSize(119);
        for (int i = 1; i < power.size(); i++) {
            assertThat(power.get(i).micros() - power.get(i - 1).micros()).isEqualTo(20_000);
        }
    }

    @Test
    void utilizationIsSampledSixTimesASecond() {
        Caller caller = Caller.of("h200");
        caller.pass(Duration.ofSeconds(30));
        List<Sample> utilization = read(caller, UTILIZATION, 0);
        assertThat(utilization).hasSize(99);
        assertThat(utilization.get(6).micros() - utilization.get(0).micros()).isEqualTo(1_000_000);
        assertThat(utilization).allMatch(sample -> sample.value() > 80 && sample.value() <= 100);
    }

    @Test
    void theirMeanIsTheEnergyOfTheirTime() {
        Caller caller = Caller.of("a100");
        caller.pass(Duration.ofSeconds(10));
        long before = caller.energyMillijoules(0);
        caller.pass(Duration.ofSeconds(2));
        // Energy already counts the tenth of a second that has begun.
        double sampled = read(caller, POWER, 0).stream()
                .skip(19)
                .mapToDouble(sample -> sample.value() * 0.02)
                .sum();
        assertThat(sampled).isCloseTo(caller.energyMillijoules(0) - before, within(0.02 * sampled));
    }

    @Test
    void onlyWhatIsNewIsGiven() {
        Caller caller = Caller.of("h200");
        caller.pass(Duration.ofSeconds(10));
        List<Sample> first = read(caller, POWER, 0);
        long last = first.get(first.size() - 1).micros();
        assertThat(call(caller, POWER, last)).isEqualTo(NvmlReturn.NOT_FOUND);
        caller.pass(Duration.ofMillis(100));
        assertThat(read(caller, POWER, last)).hasSize(5).allMatch(sample -> sample.micros() > last);
    }

    @Test
    void theyDoNotDependOnHowOftenTheGpuIsAsked() {
        Caller often = Caller.ofFile("spikes");
        Caller once = Caller.ofFile("spikes");
        for (int i = 0; i < 300; i++) {
            often.pass(Duration.ofMillis(100));
            often.utilizationPercent(0);
        }
        once.pass(Duration.ofSeconds(30));
        assertThat(read(often, UTILIZATION, 0)).isEqualTo(read(once, UTILIZATION, 0));
        assertThat(read(often, POWER, 0)).isEqualTo(read(once, POWER, 0));
    }

    @Test
    void aSpikeIsInBoth() {
        Caller caller = Caller.ofFile("spikes");
        int spikes = 0;
        for (int second = 0; second < 200; second++) {
            caller.pass(Duration.ofSeconds(1));
            List<Sample> utilization = read(caller, UTILIZATION, 0);
            List<Sample> power = read(caller, POWER, 0);
            long recent = power.get(0).micros();
            boolean busy = utilization.stream()
                    .anyMatch(sample -> sample.value() == 100 && sample.micros() > recent + 200_000);
            boolean hungry = power.stream().anyMatch(sample -> sample.value() > 300_000);
            if (busy) {
                spikes++;
                assertThat(hungry).isTrue();
            }
        }
        assertThat(spikes).isPositive();
    }

    @Test
    void aDriverThatWasJustLoadedHasFew() {
        Caller caller = Caller.ofFile("driver-gone");
        caller.pass(Duration.ofSeconds(181));
        assertThat(caller.nvml.nvmlInit_v2()).isZero();
        assertThat(read(caller, UTILIZATION, 0).size()).isBetween(1, 99);
    }

    @Test
    void theSizeOfTheBufferIsToldAndOtherKindsAreNotKept() {
        Caller caller = Caller.of("t4");
        Pointer gpu = caller.gpu(0);
        assertThat(caller.nvml.nvmlDeviceGetSamples(gpu, POWER, 0, type, count, null))
                .isZero();
        assertThat(count.getInt(0)).isEqualTo(119);
        assertThat(call(caller, 7, 0)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
        assertThat(call(caller, 10, 0)).isEqualTo(NvmlReturn.INVALID_ARGUMENT);
    }
}
