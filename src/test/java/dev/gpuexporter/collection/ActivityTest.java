package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MetricCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ActivityTest {
    private static Optional<Instant> lastActive(Snapshot snapshot, int gpu) {
        return snapshot.devices().get(gpu).history().lastActive();
    }

    /** The usual tenants: a training on GPU 0, a notebook that does nothing on 1, nobody on 3. */
    @Test
    void knowsWhenAGpuWasLastBusyAndOfAnIdleOneNothing() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("t4"))) {
            Snapshot first = node.awaitUp(4);
            assertThat(lastActive(first, 0)).contains(node.clock.instant());
            assertThat(lastActive(first, 1)).isEmpty();
            assertThat(lastActive(first, 3)).isEmpty();

            node.clock.advance(Duration.ofMinutes(5));
            Snapshot later = node.awaitUp(4);
            assertThat(lastActive(later, 0)).contains(node.clock.instant());
            assertThat(lastActive(later, 1)).isEmpty();
        }
    }

    /** GPU 0 of the mixed node is busy for ten minutes, then for one not held by anybody. */
    @Test
    void keepsTheTimeOfAGpuThatHasNothingToDoAnyMore() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("mixed-node"))) {
            node.clock.advance(Duration.ofMinutes(9));
            node.awaitUp(4);
            Instant busy = node.clock.instant();
            node.clock.advance(Duration.ofSeconds(90));
            assertThat(lastActive(node.awaitUp(4), 0)).contains(busy);
        }
    }

    @Test
    void remembersItOfAGpuThatIsLost() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("lost-gpu"))) {
            node.awaitUp(2);
            Instant busy = node.clock.instant();
            node.clock.advance(Duration.ofSeconds(31));
            Snapshot lost = node.await(snapshot -> !snapshot.devices().get(1).isUp());
            assertThat(lastActive(lost, 1)).contains(busy);
            assertThat(lost.devices().get(1).history().lastUp()).contains(busy);
        }
    }

    @Test
    void knowsItOfAGpuInMigModeByItsParts() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("mig-h100"))) {
            node.awaitNext();
            Snapshot snapshot = node.await(found -> found.devices().stream()
                    .anyMatch(device -> device.history().lastActive().isPresent()));
            assertThat(snapshot.devices()).anySatisfy(device -> {
                assertThat(device.value("gpu_utilization_ratio")).isEmpty();
                assertThat(device.history().lastActive()).contains(node.clock.instant());
            });
        }
    }

    /** GPU 1 is cut up, and works. */
    @Test
    void knowsItOfAnA100InMigModeByItsProcesses() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("mig-a100"))) {
            Snapshot snapshot =
                    node.await(found -> found.hasData() && lastActive(found, 1).isPresent());
            assertThat(snapshot.devices().get(1).mig()).isNotEmpty();
            assertThat(snapshot.devices().get(1).samples())
                    .noneMatch(sample -> sample.metric().name().equals("gpu_mig_graphics_engine_active_ratio"));
        }
    }

    @Test
    void claimsNothingWhereUtilizationIsNotRead() throws Exception {
        try (PolledNode node = PolledNode.of(
                PolledNode.scenario("t4"),
                library -> library,
                MetricCatalog.all().stream()
                        .filter(metric -> metric.group() != Group.UTILIZATION)
                        .toList())) {
            assertThat(lastActive(node.awaitUp(4), 0)).isEmpty();
        }
    }
}
