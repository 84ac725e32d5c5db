package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.testing.InterceptedCall;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Whatever a driver writes into the memory it is handed, a poll ends in readings that can be or in a code of NVML's. */
class HostileDriverTest {
    /** What they answer is handed back to the driver: with others there would be nothing to read. */
    private static final Set<String> KEPT = Set.of(
            "nvmlDeviceGetHandleByIndex_v2",
            "nvmlDeviceGetMigDeviceHandleByIndex",
            "nvmlGpmSampleAlloc",
            "nvmlEventSetCreate");

    /** Done; cannot; nothing there; needs more room; nothing yet. */
    private static final int[] CODES = {0, 0, 3, 6, 7, 21};

    private static final int POLLS = 3;

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void everyPollEndsInReadingsThatCanBe(@ForAll("scenarios") String scenario, @ForAll long seed) {
        ReadNode node = ReadNode.of(PolledNode.scenario(scenario), library -> scribbling(library, new Random(seed)));
        for (int poll = 0; poll < POLLS; poll++) {
            try {
                DeviceReading reading = node.after(Duration.ofSeconds(5), 0);
                assertThat(reading.samples()).allSatisfy(HostileDriverTest::canBe);
                assertThat(reading.info().orElseThrow().labels())
                        .allSatisfy(text -> assertThat(text).doesNotContain("\0"));
            } catch (NvmlException refused) {
                assertThat(refused.getMessage()).contains("nvml");
            }
        }
    }

    @Provide
    Arbitrary<String> scenarios() {
        return Arbitraries.of("h200", "t4", "mig-h100", "vgpu-host");
    }

    private static void canBe(Sample sample) {
        assertThat(sample.value()).as(sample.metric().name()).isFinite();
        if (!sample.metric().unit().equals("celsius")) {
            assertThat(sample.value()).as(sample.metric().name()).isNotNegative();
        }
    }

    /** The simulated driver; what it wrote is written over, and now and then it says something else. */
    private static NvmlLibrary scribbling(NvmlLibrary library, Random random) {
        return InterceptedCall.intercepted(call -> {
            Object code = call.on(library);
            if (call.arguments().length == 0 || KEPT.contains(call.function()) || random.nextBoolean()) {
                return code;
            }
            for (Object argument : call.arguments()) {
                if (argument instanceof Memory memory) {
                    memory.write(0, scribble(random, (int) memory.size()), 0, (int) memory.size());
                }
            }
            return random.nextInt(4) == 0 ? CODES[random.nextInt(CODES.length)] : code;
        });
    }

    private static byte[] scribble(Random random, int length) {
        byte[] bytes = new byte[length];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        } else {
            Arrays.fill(bytes, new byte[] {-1, 0x7f, -128, 1}[random.nextInt(4)]);
        }
        return bytes;
    }
}
