package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.Device;
import dev.gpuexporter.config.Scenario.Load;
import dev.gpuexporter.config.Scenario.MemoryUse;
import dev.gpuexporter.config.Scenario.Shape;
import dev.gpuexporter.config.Scenario.Window;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SimulatedPropertiesTest {
    @Property(tries = 50)
    void readingsDoNotDependOnHowOftenTheyAreTaken(
            @ForAll("models") String model,
            @ForAll long seed,
            @ForAll Shape shape,
            @ForAll @DoubleRange(max = 1) double load,
            @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 20_000) Integer> millis) {
        Scenario scenario = scenario(model, seed, load, shape);
        Caller often = new Caller(scenario).initialized();
        Caller once = new Caller(scenario).initialized();
        for (int wait : millis) {
            often.pass(Duration.ofMillis(wait));
            state(often);
        }
        once.pass(Duration.ofMillis(millis.stream().mapToInt(Integer::intValue).sum()));
        assertThat(state(often)).isEqualTo(state(once));
    }

    @Property(tries = 50)
    void aGpuStaysWithinItsLimits(
            @ForAll("models") String model,
            @ForAll long seed,
            @ForAll Shape shape,
            @ForAll @DoubleRange(max = 1) double load,
            @ForAll @IntRange(max = 7200) int seconds) {
        Caller caller = new Caller(scenario(model, seed, load, shape)).initialized();
        caller.pass(Duration.ofSeconds(seconds));
        GpuState state = state(caller);
        GpuModel kind = GpuModels.byId(model);
        assertThat(state.utilization()).isBetween(0.0, 1.0);
        assertThat(state.memoryUtilization()).isBetween(0.0, state.utilization());
        assertThat(state.powerWatts())
                .isPositive()
                .isLessThanOrEqualTo(kind.power().defaultLimit());
        assertThat(state.averagePowerWatts())
                .isPositive()
                .isLessThanOrEqualTo(kind.power().defaultLimit());
        assertThat(state.temperatureCelsius())
                .isBetween(
                        kind.thermal().idle().low() - 1, kind.thermal().load().high() + 2);
        assertThat(state.clocks().graphics())
                .isBetween(kind.idleClocks().graphics(), kind.maxClocks().graphics());
        if (load == 0 || shape != Shape.BURSTS) {
            assertThat(state.idle()).isEqualTo(load == 0);
        }
        assertThat(state.usedBytes() + kind.memory().reservedBytes())
                .isLessThanOrEqualTo(kind.memory().totalBytes());
    }

    @Property(tries = 20)
    void aLoadKeepsToItsTargetInTheLongRun(
            @ForAll long seed, @ForAll Shape shape, @ForAll @DoubleRange(min = 0.1, max = 0.9) double load) {
        Caller caller = new Caller(scenario("h200", seed, load, shape)).initialized();
        double sum = 0;
        int samples = 4000;
        for (int i = 0; i < samples; i++) {
            caller.pass(Duration.ofSeconds(10));
            sum += state(caller).utilization();
        }
        assertThat(sum / samples).isCloseTo(load, within(0.05));
    }

    private static GpuState state(Caller caller) {
        return caller.node.gpus().get(0).state();
    }

    private static Scenario scenario(String model, long seed, double load, Shape shape) {
        Scenario.Pod pod = new Scenario.Pod(
                "default",
                "pod",
                "main",
                "nvidia.com/gpu",
                List.of(Device.whole(0)),
                List.of(),
                new Load(load, MemoryUse.ofRatio(0.5), shape),
                Window.ALWAYS);
        return new Scenario(
                "any", seed, "580.1", "13.0", List.of(Scenario.Gpu.of(model)), List.of(pod), List.of(), Set.of());
    }

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of(GpuModels.names());
    }
}
