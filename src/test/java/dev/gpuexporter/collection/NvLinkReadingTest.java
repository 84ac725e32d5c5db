package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.gpuexporter.metrics.Sample;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NvLinkReadingTest {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private static List<Sample> all(DeviceReading reading, String metric) {
        return reading.samples().stream()
                .filter(sample -> sample.metric().name().equals(metric))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "a100, 12, 3.0, 25000000000",
        "h100, 18, 4.0, 26562000000",
        "h200, 18, 4.0, 26562000000",
        "b200, 18, 5.0, 53125000000",
        "gb200, 18, 5.0, 53125000000",
    })
    void tellsEachLinkOfItsKind(String model, int links, String version, double bytesPerSecond) throws Exception {
        DeviceReading reading = ReadNode.of(model).after(A_MINUTE, 0);

        for (int link = 0; link < links; link++) {
            String number = Integer.toString(link);
            assertThat(reading.value("gpu_nvlink_up", number)).hasValue(1);
            assertThat(reading.value("gpu_nvlink_bandwidth_bytes_per_second", number))
                    .hasValue(bytesPerSecond);
            assertThat(reading.value("gpu_nvlink_transmit_bytes_total", number)).isPresent();
            assertThat(reading.value("gpu_nvlink_receive_bytes_total", number)).isPresent();
        }
        assertThat(all(reading, "gpu_nvlink_up")).hasSize(links);
        assertThat(all(reading, "gpu_nvlink_info"))
                .hasSize(links)
                .extracting(Sample::labels)
                .contains(List.of("3", version, "switch", "00000000:C7:00.0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"t4", "l40s", "rtx4090"})
    void isSilentWhereThereAreNoLinksAndNoFabric(String model) throws Exception {
        ReadNode node = ReadNode.of(model);
        node.read(0);

        assertThat(node.after(A_MINUTE, 0).samples())
                .extracting(sample -> sample.metric().name())
                .noneMatch(name -> name.startsWith("gpu_nvlink") || name.startsWith("gpu_fabric"));
    }

    @Test
    void countsBytesEachWayOnBusyLinksAndHardlyAnyOnIdleOnes() throws Exception {
        ReadNode node = ReadNode.of("h200x8"); // a training on GPU 0, nobody on GPU 7
        OptionalDouble busy = node.after(A_MINUTE, 0).value("gpu_nvlink_transmit_bytes_total", "4");
        OptionalDouble back = node.read(0).value("gpu_nvlink_receive_bytes_total", "4");
        OptionalDouble idle = node.read(7).value("gpu_nvlink_transmit_bytes_total", "4");

        // A quarter of 26.562 GB/s for a minute, and less on the way back.
        assertThat(busy.orElseThrow()).isBetween(300e9, 420e9);
        assertThat(back.orElseThrow()).isBetween(250e9, busy.orElseThrow());
        assertThat(idle.orElseThrow()).isBetween(10e3, 30e3);
        assertThat(busy.orElseThrow() % 1024).isZero(); // counted in KiB before NVLink 5
    }

    @Test
    void seesALinkGoDownAndComeBack() throws Exception {
        ReadNode node = ReadNode.of("link-trouble");
        assertThat(node.after(Duration.ofSeconds(29), 0).value("gpu_nvlink_up", "3"))
                .hasValue(1);

        DeviceReading down = node.after(Duration.ofSeconds(2), 0);
        assertThat(down.value("gpu_nvlink_up", "3")).hasValue(0);
        assertThat(down.value("gpu_nvlink_up", "4")).hasValue(1);
        assertThat(down.value("gpu_nvlink_bandwidth_bytes_per_second", "3")).isEmpty();
        assertThat(down.value("gpu_fabric_unhealthy", "degraded_bandwidth")).hasValue(1);
        assertThat(down.value("gpu_fabric_unhealthy", "route_unhealthy")).hasValue(0);
        assertThat(down.value("gpu_fabric_health")).hasValue(3);
        OptionalDouble sent = down.value("gpu_nvlink_transmit_bytes_total", "3");

        node.pass(Duration.ofSeconds(50));
        assertThat(node.read(0).value("gpu_nvlink_transmit_bytes_total", "3")).isEqualTo(sent);

        node.after(Duration.ofSeconds(10), 0); // the poll that sees it come back
        DeviceReading back = node.after(Duration.ofSeconds(5), 0);
        assertThat(back.value("gpu_nvlink_up", "3")).hasValue(1);
        assertThat(back.value("gpu_nvlink_bandwidth_bytes_per_second", "3")).hasValue(26_562_000_000.0);
        assertThat(back.value("gpu_nvlink_errors_total", "3", "recovery")).hasValue(1);
        assertThat(back.value("gpu_nvlink_transmit_bytes_total", "3").orElseThrow())
                .isGreaterThan(sent.orElseThrow());
    }

    @Test
    void countsErrorsOfALinkByTheirKind() throws Exception {
        DeviceReading reading = ReadNode.of("link-trouble").after(Duration.ofSeconds(61), 0);
        double damaged = reading.value("gpu_nvlink_errors_total", "5", "crc").orElseThrow();

        assertThat(damaged).isBetween(600.0, 900.0); // 0 to 3 in each of 500 steps
        assertThat(reading.value("gpu_nvlink_errors_total", "5", "replay")).hasValue(Math.floor(damaged / 3));
        assertThat(reading.value("gpu_nvlink_errors_total", "5", "recovery")).hasValue(Math.floor(damaged / 50));
        assertThat(reading.value("gpu_nvlink_errors_total", "6", "crc")).hasValue(0);
        assertThat(reading.value("gpu_nvlink_symbol_errors_total", "5")).isEmpty();
    }

    @Test
    void countsTheErrorsOfNvLink5ByKindsOfItsOwn() throws Exception {
        DeviceReading reading = ReadNode.of("link-trouble").after(Duration.ofSeconds(61), 2);

        assertThat(all(reading, "gpu_nvlink_errors_total").stream()
                        .filter(sample -> sample.labels().get(0).equals("17"))
                        .map(sample -> sample.labels().get(1)))
                .containsExactly(
                        "malformed_packet",
                        "buffer_overrun",
                        "receive_remote",
                        "receive_general",
                        "link_integrity",
                        "transmit_discard",
                        "recovery_successful",
                        "recovery_failed");
        double damaged =
                reading.value("gpu_nvlink_effective_errors_total", "17").orElseThrow() / 2;
        assertThat(reading.value("gpu_nvlink_errors_total", "17", "malformed_packet"))
                .hasValue(Math.floor(damaged / 4));
        assertThat(reading.value("gpu_nvlink_errors_total", "17", "transmit_discard"))
                .hasValue(Math.floor(damaged / 11));
        assertThat(reading.value("gpu_nvlink_symbol_errors_total", "17").orElseThrow())
                .isGreaterThan(5 * damaged);
    }

    /** Packets of 256 bytes; a link that has seen errors says how many, of all the bits that it received. */
    @Test
    void tellsDetailsOfNvLink5() throws Exception {
        DeviceReading reading = ReadNode.of("link-trouble").after(Duration.ofSeconds(61), 2);
        double received = reading.value("gpu_nvlink_receive_bytes_total", "17").orElseThrow();
        double effective =
                reading.value("gpu_nvlink_effective_errors_total", "17").orElseThrow();

        assertThat(reading.value("gpu_nvlink_receive_packets_total", "17")).hasValue(Math.floor(received / 256));
        assertThat(reading.value("gpu_nvlink_transmit_packets_total", "17").orElseThrow())
                .isGreaterThan(received / 256);
        assertThat(reading.value("gpu_nvlink_receive_error_packets_total", "17"))
                .hasValue(effective / 2);
        assertThat(reading.value("gpu_nvlink_effective_error_ratio", "17").orElseThrow())
                .isCloseTo(effective / (8 * received), withinPercentage(50)); // of one digit
        assertThat(reading.value("gpu_nvlink_effective_error_ratio", "3")).hasValue(15 * Math.pow(10, -255));
        assertThat(reading.value("gpu_nvlink_symbol_error_ratio", "17").orElseThrow())
                .isGreaterThan(
                        reading.value("gpu_nvlink_effective_error_ratio", "17").orElseThrow());
        for (int bin = 1; bin < 10; bin++) {
            assertThat(reading.value("gpu_nvlink_fec_blocks_total", "17", Integer.toString(bin))
                            .orElseThrow())
                    .isLessThan(reading.value("gpu_nvlink_fec_blocks_total", "17", Integer.toString(bin - 1))
                            .orElseThrow());
        }
        assertThat(all(reading, "gpu_nvlink_fec_blocks_total")).hasSize(18 * 16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a100", "h200", "l40s", "mig-h100"})
    void hasNoDetailsBeforeNvLink5(String scenario) throws Exception {
        assertThat(ReadNode.of(scenario).after(A_MINUTE, 0).samples())
                .extracting(sample -> sample.metric().name())
                .noneMatch(name -> name.matches("gpu_nvlink_(.*_packets_total|fec_.*|.*_error_ratio)"));
    }

    @Test
    void sumsDetailsToo() throws Exception {
        DeviceReading apart = ReadNode.of("link-trouble").after(Duration.ofSeconds(61), 2);
        DeviceReading summed =
                ReadNode.of(PolledNode.scenario("link-trouble"), false).after(Duration.ofSeconds(61), 2);
        for (String metric : List.of(
                "gpu_nvlink_transmit_packets_total",
                "gpu_nvlink_receive_packets_total",
                "gpu_nvlink_receive_error_packets_total")) {
            assertThat(summed.value(metric))
                    .as(metric)
                    .hasValue(all(apart, metric).stream()
                            .mapToDouble(Sample::value)
                            .sum());
        }
        assertThat(all(summed, "gpu_nvlink_fec_blocks_total")).hasSize(16);
        for (String ratio : List.of("gpu_nvlink_symbol_error_ratio", "gpu_nvlink_effective_error_ratio")) {
            assertThat(summed.value(ratio)).as("the worst link's").isEqualTo(apart.value(ratio, "17"));
        }
    }

    @Test
    void sumsOverTheLinksWhereTheyAreNotToldApart() throws Exception {
        for (int gpu : new int[] {0, 2}) {
            DeviceReading apart = ReadNode.of("link-trouble").after(Duration.ofSeconds(40), gpu);
            DeviceReading summed =
                    ReadNode.of(PolledNode.scenario("link-trouble"), false).after(Duration.ofSeconds(40), gpu);

            assertThat(summed.value("gpu_nvlink_up")).hasValue(gpu == 0 ? 17 : 18);
            assertThat(all(summed, "gpu_nvlink_info")).isEmpty();
            for (String metric : List.of(
                    "gpu_nvlink_bandwidth_bytes_per_second",
                    "gpu_nvlink_transmit_bytes_total",
                    "gpu_nvlink_receive_bytes_total")) {
                assertThat(summed.value(metric))
                        .as(metric)
                        .hasValue(all(apart, metric).stream()
                                .mapToDouble(Sample::value)
                                .sum());
            }
            for (Sample kind : all(summed, "gpu_nvlink_errors_total")) {
                assertThat(kind.value())
                        .isEqualTo(all(apart, "gpu_nvlink_errors_total").stream()
                                .filter(sample -> sample.labels().subList(1, 2).equals(kind.labels()))
                                .mapToDouble(Sample::value)
                                .sum());
            }
        }
    }

    @Test
    void asksByCallsWhereTheDriverHasNoFields() throws Exception {
        Set<Integer> newer = Set.of(161, 162, 163, 165, 166);
        ReadNode node = ReadNode.of(
                PolledNode.scenario("link-trouble"),
                library -> AnsweredFields.in(library, (field, scope, value) -> {
                    if (newer.contains(field)) {
                        AnsweredFields.notSupported(value);
                    }
                }));
        DeviceReading reading = node.after(Duration.ofSeconds(61), 0);

        assertThat(reading.value("gpu_nvlink_up", "3")).hasValue(0);
        assertThat(reading.value("gpu_nvlink_up", "5")).hasValue(1);
        assertThat(all(reading, "gpu_nvlink_info")).hasSize(18);
        double flits = reading.value("gpu_nvlink_errors_total", "5", "crc_flit").orElseThrow();
        double data = reading.value("gpu_nvlink_errors_total", "5", "crc_data").orElseThrow();
        assertThat(flits + data).isBetween(600.0, 900.0);
        assertThat(reading.value("gpu_nvlink_errors_total", "5", "replay")).hasValue(Math.floor((flits + data) / 3));
        assertThat(reading.value("gpu_nvlink_errors_total", "5", "ecc_data")).hasValue(Math.floor((flits + data) / 5));
        assertThat(reading.value("gpu_nvlink_errors_total", "5", "crc")).isEmpty();
    }

    @Test
    void bearsMoreLinksThanAnyGpuHasToday() throws Exception {
        ReadNode node = ReadNode.of(
                PolledNode.scenario("h200"),
                library -> AnsweredFields.in(library, (field, scope, value) -> {
                    if (field == 91) {
                        AnsweredFields.u32(value, 72);
                    } else if (field == 165) {
                        AnsweredFields.u32(value, 1);
                    }
                }));

        assertThat(all(node.read(0), "gpu_nvlink_up"))
                .extracting(sample -> sample.labels().get(0))
                .isEqualTo(IntStream.range(0, 72).mapToObj(Integer::toString).toList());
    }

    @Test
    void bearsStatesAndVersionsThatItDoesNotKnow() throws Exception {
        ReadNode node = ReadNode.of(
                PolledNode.scenario("h200"),
                library -> AnsweredFields.in(library, (field, scope, value) -> {
                    if (field == 165 && scope < 4) {
                        AnsweredFields.u32(value, List.of(2, 3, 9, 1).get(scope));
                    } else if (field == 166) {
                        AnsweredFields.u32(value, 99);
                    }
                }));
        DeviceReading reading = node.read(0);

        assertThat(reading.value("gpu_nvlink_up", "0")).hasValue(1); // asleep
        assertThat(reading.value("gpu_nvlink_up", "1")).hasValue(0); // up, but carries nothing
        assertThat(reading.value("gpu_nvlink_up", "2")).isEmpty();
        assertThat(reading.value("gpu_nvlink_up", "3")).hasValue(1);
        assertThat(reading.value("gpu_nvlink_info", "0", "99", "switch", "00000000:C4:00.0"))
                .hasValue(1);
    }

    @Test
    void saysWhichFabricTheGpuHasJoined() throws Exception {
        DeviceReading reading = ReadNode.of("h200").read(0);
        assertThat(reading.value("gpu_fabric_state")).hasValue(3);
        assertThat(reading.value("gpu_fabric_status")).hasValue(0);
        assertThat(reading.value("gpu_fabric_health")).hasValue(1);
        assertThat(reading.value("gpu_fabric_info", "", "0")).hasValue(1); // it ends with the node
        assertThat(all(reading, "gpu_fabric_unhealthy"))
                .extracting(Sample::labels)
                .containsExactly(
                        List.of("degraded_bandwidth"),
                        List.of("route_recovery"),
                        List.of("route_unhealthy"),
                        List.of("access_timeout_recovery"),
                        List.of("incorrect_configuration"),
                        List.of("fabric_manager_disconnected"));
        assertThat(all(reading, "gpu_fabric_unhealthy"))
                .extracting(Sample::value)
                .containsOnly(0.0);

        assertThat(all(ReadNode.of("gb200").read(0), "gpu_fabric_info"))
                .singleElement()
                .satisfies(info -> {
                    assertThat(info.labels().get(0)).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
                    assertThat(info.labels().get(1)).isEqualTo("1");
                });
    }
}
