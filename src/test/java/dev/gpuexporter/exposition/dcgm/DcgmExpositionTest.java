package dev.gpuexporter.exposition.dcgm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.metrics.MigPart;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What stands around the values, and what several polls say together; the lines are written by hand. */
class DcgmExpositionTest {
    private static final String GPU =
            "gpu=\"0\",UUID=\"GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70\",pci_bus_id=\"00000000:8D:00.0\",device=\"nvidia0\",modelName=\"NVIDIA H100 80GB HBM3\"";
    private static final String GPU_ON_NODE = GPU + ",hostname=\"node-1\",DCGM_FI_DRIVER_VERSION=\"550.144.03\"";
    private static final String TEMPERATURE = "gpu_temperature_celsius";
    private static final OptionalDouble UNKNOWN_RATIO = OptionalDouble.empty();

    private static DcgmNode node() {
        return DcgmNode.showingDefaults(DcgmNode.DEFAULTS);
    }

    private static DcgmNode withVirtualGpus() {
        return DcgmNode.showingDefaults(DcgmNode.with(true, false, false, true, false));
    }

    @Test
    void declaresAFamilyBeforeItsSamples() {
        assertThat(node().read("gpu_energy_joules_total", 1.5).polled(0).page())
                .startsWith("# HELP DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION "
                        + "Energy that the board has drawn since the driver was loaded (in mJ).\n"
                        + "# TYPE DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION counter\n"
                        + "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{" + GPU_ON_NODE + "} 1500\n");
    }

    @Test
    void hasTheLabelsInTheirOrder() {
        DcgmNode node = node().read(TEMPERATURE, 43, "gpu")
                .holds("train-0", "GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70")
                .polled(0);
        assertThat(node.lines("DCGM_FI_DEV_GPU_TEMP"))
                .containsExactly("DCGM_FI_DEV_GPU_TEMP{" + GPU_ON_NODE
                        + ",container=\"main\",namespace=\"prod\",pod=\"train-0\"} 43");
    }

    @Test
    void hasOldNamesForThoseWhoAskForThem() {
        DcgmNode node = DcgmNode.showingDefaults(DcgmNode.with(true, true, true, false, true))
                .read(TEMPERATURE, 43, "gpu")
                .holds("train-0", "GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70")
                .polled(0);
        assertThat(node.lines("DCGM_FI_DEV_GPU_TEMP"))
                .containsExactly(
                        "DCGM_FI_DEV_GPU_TEMP{gpu=\"0\",uuid=\"GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70\",pci_bus_id=\"00000000:8D:00.0\","
                                + "device=\"nvidia0\",modelName=\"NVIDIA-H100-80GB-HBM3\",Hostname=\"node-1\","
                                + "DCGM_FI_DRIVER_VERSION=\"550.144.03\","
                                + "container_name=\"main\",pod_name=\"train-0\",pod_namespace=\"prod\"} 43");
    }

    @Test
    void saysNoHostWhereNobodyWantsOne() {
        DcgmNode node = DcgmNode.showingDefaults(DcgmNode.with(false, true, false, false, false))
                .read(TEMPERATURE, 43, "gpu")
                .polled(0);
        assertThat(node.lines("DCGM_FI_DEV_GPU_TEMP"))
                .containsExactly("DCGM_FI_DEV_GPU_TEMP{" + GPU + ",DCGM_FI_DRIVER_VERSION=\"550.144.03\"} 43");
    }

    @Test
    void showsWhatIsChosenAsItIsChosen() {
        List<DcgmField> fields = DcgmFields.all(DcgmNode.DEFAULTS);
        DcgmField temperature = named(fields, "DCGM_FI_DEV_GPU_TEMP");
        DcgmSelection chosen = new DcgmSelection(
                List.of(new DcgmSelection.Column(temperature, DcgmField.Type.COUNTER, "Warm\\th\n?")),
                List.of(
                        named(fields, "DCGM_FI_DEV_VBIOS_VERSION"),
                        named(fields, "DCGM_FI_DEV_PSTATE"),
                        named(fields, "DCGM_FI_DEV_BRAND")));
        DcgmNode node = DcgmNode.showing(chosen)
                .read(TEMPERATURE, 43, "gpu")
                .read("gpu_performance_state", 8)
                .polled(0);
        assertThat(node.page())
                .isEqualTo("# HELP DCGM_FI_DEV_GPU_TEMP Warm\\\\th\\n?\n# TYPE DCGM_FI_DEV_GPU_TEMP counter\n"
                        + "DCGM_FI_DEV_GPU_TEMP{" + GPU
                        + ",hostname=\"node-1\",DCGM_FI_DEV_BRAND=\"NVIDIA\",DCGM_FI_DEV_PSTATE=\"8\","
                        + "DCGM_FI_DEV_VBIOS_VERSION=\"96.00.74.00.01\"} 43\n");
    }

    private static DcgmField named(List<DcgmField> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCutUpGpuShowsItsInstancesAlone() {
        MigPart first = new MigPart(0, "MIG-11111111-4f66-4b2b-9f3a-0d2b4c5e6f70", "1c.3g.40gb", 1, 0);
        MigPart second = new MigPart(1, "MIG-22222222-4f66-4b2b-9f3a-0d2b4c5e6f70", "2c.3g.40gb", 1, 1);
        MigPart third = new MigPart(2, "MIG-33333333-4f66-4b2b-9f3a-0d2b4c5e6f70", "1g.10gb", 9, 0);
        DcgmNode node = node().cutInto(third, second, first)
                .read(TEMPERATURE, 43, "gpu")
                .read("gpu_memory_used_bytes", 1 << 30)
                .read(first, "gpu_mig_memory_used_bytes", 5 << 20)
                .read(third, "gpu_mig_memory_used_bytes", 3 << 20)
                .holds("llm-a", "MIG-33333333-4f66-4b2b-9f3a-0d2b4c5e6f70")
                .polled(0);
        String whole = GPU + ",GPU_I_PROFILE=\"3g.40gb\",GPU_I_ID=\"1\",hostname=\"node-1\","
                + "DCGM_FI_DRIVER_VERSION=\"550.144.03\"";
        String small = GPU + ",GPU_I_PROFILE=\"1g.10gb\",GPU_I_ID=\"9\",hostname=\"node-1\","
                + "DCGM_FI_DRIVER_VERSION=\"550.144.03\",container=\"main\",namespace=\"prod\",pod=\"llm-a\"";
        assertThat(node.lines("DCGM_FI_DEV_FB_USED"))
                .containsExactly("DCGM_FI_DEV_FB_USED{" + whole + "} 5", "DCGM_FI_DEV_FB_USED{" + small + "} 3");
        assertThat(node.lines("DCGM_FI_DEV_GPU_TEMP"))
                .containsExactly("DCGM_FI_DEV_GPU_TEMP{" + whole + "} 43", "DCGM_FI_DEV_GPU_TEMP{" + small + "} 43");
        assertThat(node.page()).doesNotContain("GPU_UTIL");
    }

    @Test
    void aSharedGpuHasOneSeriesThatNamesNobody() {
        DcgmNode node = node().read("gpu_memory_used_bytes", 9 << 20)
                .runs(10, "llm-a", OptionalLong.of(4 << 20), UNKNOWN_RATIO)
                .holds(
                        "llm-a",
                        "GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70::0",
                        "llm-b",
                        "GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70::1")
                .polled(0);
        assertThat(node.lines("DCGM_FI_DEV_FB_USED")).containsExactly("DCGM_FI_DEV_FB_USED{" + GPU_ON_NODE + "} 9");
    }

    @Test
    void thoseWhoShareAGpuHaveSeriesOfTheirOwnWithVirtualGpus() {
        DcgmNode node = withVirtualGpus()
                .read("gpu_memory_used_bytes", 9 << 20)
                .read("gpu_utilization_ratio", 0.9)
                .read(TEMPERATURE, 43, "gpu")
                .runs(10, "llm-a", OptionalLong.of(4 << 20), OptionalDouble.of(0.29))
                .runs(11, "llm-b", OptionalLong.of(3 << 20), OptionalDouble.of(0.5))
                .holds(
                        "llm-a",
                        "GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70::0",
                        "llm-b",
                        "GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70::1")
                .polled(0);
        String llmA = GPU_ON_NODE + ",container=\"main\",namespace=\"prod\",pod=\"llm-a\"";
        String llmB = GPU_ON_NODE + ",container=\"main\",namespace=\"prod\",pod=\"llm-b\"";
        assertThat(node.lines("DCGM_FI_DEV_FB_USED"))
                .containsExactly("DCGM_FI_DEV_FB_USED{" + llmA + "} 4", "DCGM_FI_DEV_FB_USED{" + llmB + "} 3");
        assertThat(node.lines("DCGM_FI_DEV_GPU_UTIL"))
                .containsExactly("DCGM_FI_DEV_GPU_UTIL{" + llmA + "} 29", "DCGM_FI_DEV_GPU_UTIL{" + llmB + "} 50");
        assertThat(node.lines("DCGM_FI_DEV_GPU_TEMP")).containsExactly("DCGM_FI_DEV_GPU_TEMP{" + GPU_ON_NODE + "} 43");
    }

    /** Neither a 0 nor the GPU's value: nobody knows. */
    @Test
    void oneOfWhomNothingIsKnownHasNoSeries() {
        DcgmNode node = withVirtualGpus()
                .read("gpu_memory_used_bytes", 9 << 20)
                .runs(10, "llm-a", OptionalLong.of(4 << 20), UNKNOWN_RATIO)
                .runs(11, "llm-b", OptionalLong.empty(), UNKNOWN_RATIO)
                .holds(
                        "llm-a",
                        "GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70::0",
                        "llm-b",
                        "GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70::1")
                .polled(0);
        assertThat(node.lines("DCGM_FI_DEV_FB_USED"))
                .containsExactly("DCGM_FI_DEV_FB_USED{" + GPU_ON_NODE
                        + ",container=\"main\",namespace=\"prod\",pod=\"llm-a\"} 4");
    }

    @Test
    void whatIsKnownOfNobodyIsSaidOfTheDevice() {
        DcgmNode node = withVirtualGpus()
                .read("gpu_utilization_ratio", 0.9)
                .runs(10, "llm-a", OptionalLong.of(4 << 20), UNKNOWN_RATIO)
                .holds(
                        "llm-a",
                        "GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70::0",
                        "llm-b",
                        "GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70::1")
                .polled(0);
        assertThat(node.lines("DCGM_FI_DEV_GPU_UTIL")).containsExactly("DCGM_FI_DEV_GPU_UTIL{" + GPU_ON_NODE + "} 90");
    }

    @Test
    void theLastXidIsHeldAndNamed() {
        DcgmNode node = node().xid(13, 0, 0).xid(79, 0, 0).polled(10);
        assertThat(node.lines("DCGM_FI_DEV_XID_ERRORS"))
                .containsExactly("DCGM_FI_DEV_XID_ERRORS{" + GPU_ON_NODE + ",err_code=\"0\",err_msg=\"No Error\"} 0");
        node.xid(13, 1, 12).xid(79, 1, 11).polled(20);
        assertThat(node.lines("DCGM_FI_DEV_XID_ERRORS"))
                .containsExactly("DCGM_FI_DEV_XID_ERRORS{" + GPU_ON_NODE
                        + ",err_code=\"13\",err_msg=\"graphics engine exception\"} 13");
        node.xid(888, 1, 40).lost().polled(3600);
        assertThat(node.lines("DCGM_FI_DEV_XID_ERRORS"))
                .containsExactly(
                        "DCGM_FI_DEV_XID_ERRORS{" + GPU_ON_NODE + ",err_code=\"888\",err_msg=\"Unknown Error\"} 888");
    }

    @Test
    void thereIsNoLastXidWhereNobodyTellsOfAny() {
        assertThat(node().polled(10).lines("DCGM_FI_DEV_XID_ERRORS")).isEmpty();
    }

    /** 2 × 1024 × 5000 + 3 × 1024 × 5000 bytes in five seconds are 5000 KiB a second: 5 of DCGM's megabytes. */
    @Test
    void bandwidthIsARateBetweenPolls() {
        DcgmNode node = DcgmNode.showingAll();
        traffic(node, 0, 0).polled(0);
        assertThat(node.lines("DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL")).isEmpty();
        traffic(node, 2 * 1024 * 5000, 3 * 1024 * 5000).polled(5);
        assertThat(node.values("DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL")).containsExactly("10");
        assertThat(node.values("DCGM_FI_DEV_NVLINK_BANDWIDTH_L1")).containsExactly("5");
        assertThat(node.values("DCGM_FI_DEV_NVLINK_TX_BANDWIDTH_TOTAL")).containsExactly("4");
        assertThat(node.values("DCGM_FI_DEV_NVLINK_RX_BANDWIDTH_L0")).containsExactly("3");
        node.publishedAgain(6);
        assertThat(node.values("DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL"))
                .as("a snapshot with nothing new of this GPU")
                .containsExactly("10");
        traffic(node, 0, 0).polled(10);
        assertThat(node.lines("DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL"))
                .as("counters that began anew")
                .isEmpty();
    }

    /** Two links that are alike. */
    private static DcgmNode traffic(DcgmNode node, long transmitted, long received) {
        for (String link : List.of("0", "1")) {
            node.read("gpu_nvlink_transmit_bytes_total", transmitted, link)
                    .read("gpu_nvlink_receive_bytes_total", received, link);
        }
        return node;
    }

    @Test
    void xidsAreCountedOverAWindowAndInAll() {
        DcgmNode node = DcgmNode.showingAll().xid(13, 0, 0).polled(0);
        node.xid(13, 2, 5).xid(79, 1, 5).polled(5);
        node.xid(13, 3, 200).polled(200);
        assertThat(counts(node, "DCGM_EXP_XID_ERRORS_COUNT"))
                .containsExactly(
                        "window_size_in_ms=\"300000\",xid=\"13\" 3", "window_size_in_ms=\"300000\",xid=\"79\" 1");
        node.polled(305);
        assertThat(counts(node, "DCGM_EXP_XID_ERRORS_COUNT"))
                .containsExactly(
                        "window_size_in_ms=\"300000\",xid=\"13\" 1", "window_size_in_ms=\"300000\",xid=\"79\" 0");
        assertThat(counts(node, "DCGM_EXP_XID_ERRORS_TOTAL")).containsExactly("xid=\"13\" 3", "xid=\"79\" 1");
        assertThat(node.page()).contains("# TYPE DCGM_EXP_XID_ERRORS_TOTAL counter\n");
    }

    @Test
    void windowsAndRatesGoOnWhereTheClockWasSetBack() {
        DcgmNode node = DcgmNode.showingAll().xid(13, 0, 7200);
        traffic(node, 0, 0).polled(7200);
        traffic(clocks(node.xid(13, 2, 7205), 1, 0), 2 * 1024 * 5000, 0).polled(7205);

        traffic(clocks(node.xid(13, 3, 10), 0, 0), 4 * 1024 * 5000, 0).polled(10);
        assertThat(counts(node, "DCGM_EXP_XID_ERRORS_COUNT"))
                .containsExactly("window_size_in_ms=\"300000\",xid=\"13\" 3");
        assertThat(node.lines("DCGM_FI_DEV_NVLINK_TX_BANDWIDTH_TOTAL"))
                .as("nobody knows how long it took")
                .isEmpty();
        traffic(clocks(node, 0, 0), 6 * 1024 * 5000, 0).polled(15);
        assertThat(node.values("DCGM_FI_DEV_NVLINK_TX_BANDWIDTH_TOTAL")).containsExactly("4");
        node.polled(310);
        assertThat(counts(node, "DCGM_EXP_XID_ERRORS_COUNT"))
                .containsExactly("window_size_in_ms=\"300000\",xid=\"13\" 0");
        assertThat(counts(node, "DCGM_EXP_XID_ERRORS_TOTAL")).containsExactly("xid=\"13\" 3");
        assertThat(counts(node, "DCGM_EXP_CLOCK_EVENTS_COUNT"))
                .contains("clock_event=\"power_cap\",window_size_in_ms=\"300000\" 0");
    }

    @Test
    void clockEventsAreCountedOnceAPoll() {
        DcgmNode node = DcgmNode.showingAll();
        clocks(node, 1, 0).polled(0);
        clocks(node, 1, 1).polled(5).publishedAgain(6);
        clocks(node, 0, 1).polled(302);
        assertThat(counts(node, "DCGM_EXP_CLOCK_EVENTS_COUNT"))
                .containsExactly(
                        "clock_event=\"hw_thermal\",window_size_in_ms=\"300000\" 2",
                        "clock_event=\"power_cap\",window_size_in_ms=\"300000\" 1");
        assertThat(counts(node, "DCGM_EXP_CLOCK_EVENTS_TOTAL"))
                .containsExactly("clock_event=\"hw_thermal\" 2", "clock_event=\"power_cap\" 2");
    }

    private static DcgmNode clocks(DcgmNode node, int powerCap, int heat) {
        return node.read("gpu_clock_event_active", powerCap, "sw_power_cap")
                .read("gpu_clock_event_active", heat, "hw_thermal_slowdown");
    }

    @Test
    void aHealthyGpuPassesWhereSomebodyLooked() {
        DcgmNode node = DcgmNode.showingAll()
                .read("gpu_pcie_replays_total", 100)
                .read("gpu_row_remap_failed", 0)
                .polled(0);
        assertThat(counts(node, "DCGM_EXP_GPU_HEALTH_STATUS"))
                .containsExactly(
                        "health_error_code=\"DCGM_FR_OK\",health_watch=\"PCIE\" 0",
                        "health_error_code=\"DCGM_FR_OK\",health_watch=\"MEM\" 0",
                        "health_error_code=\"DCGM_FR_OK\",health_watch=\"DRIVER\" 0",
                        "health_error_code=\"DCGM_FR_OK\",health_watch=\"ALL\" 0");
    }

    @Test
    void whatIsWrongIsSaidOfItsAreaAndOfAll() {
        DcgmNode node = DcgmNode.showingAll()
                .read("gpu_pcie_replays_total", 100)
                .read("gpu_nvlink_errors_total", 5, "0", "replay")
                .read("gpu_nvlink_up", 1, "0")
                .polled(0);
        node.read("gpu_pcie_replays_total", 109)
                .read("gpu_nvlink_errors_total", 6, "0", "replay")
                .read("gpu_nvlink_up", 1, "0")
                .read("gpu_ecc_volatile_errors_total", 1, "uncorrected")
                .read("gpu_row_remap_pending", 1)
                .read("gpu_clock_event_active", 1, "sw_thermal_slowdown")
                .read("gpu_clock_event_active", 1, "hw_power_brake_slowdown")
                .polled(5);
        assertThat(counts(node, "DCGM_EXP_GPU_HEALTH_STATUS"))
                .containsExactly(
                        "health_error_code=\"DCGM_FR_PCI_REPLAY_RATE\",health_watch=\"PCIE\" 10",
                        "health_error_code=\"DCGM_FR_NVLINK_ERROR_THRESHOLD\",health_watch=\"NVLINK\" 10",
                        "health_error_code=\"DCGM_FR_VOLATILE_DBE_DETECTED\",health_watch=\"MEM\" 20",
                        "health_error_code=\"DCGM_FR_CLOCKS_EVENT_THERMAL\",health_watch=\"THERMAL\" 10",
                        "health_error_code=\"DCGM_FR_CLOCKS_EVENT_POWER\",health_watch=\"POWER\" 10",
                        "health_error_code=\"DCGM_FR_OK\",health_watch=\"DRIVER\" 0",
                        "health_error_code=\"DCGM_FR_VOLATILE_DBE_DETECTED\",health_watch=\"ALL\" 20");
    }

    @Test
    void ofAGpuThatIsLostNothingElseIsKnown() {
        DcgmNode node = DcgmNode.showingAll().lost().polled(5);
        assertThat(counts(node, "DCGM_EXP_GPU_HEALTH_STATUS"))
                .containsExactly(
                        "health_error_code=\"DCGM_FR_NVML_API\",health_watch=\"DRIVER\" 20",
                        "health_error_code=\"DCGM_FR_NVML_API\",health_watch=\"ALL\" 20");
    }

    /** A field's own labels and the value, of those that stand behind the host's name. */
    private static List<String> counts(DcgmNode node, String family) {
        return node.lines(family).stream()
                .map(line -> line.substring(line.indexOf("node-1\",") + "node-1\",".length())
                        .replace("}", ""))
                .toList();
    }

    @Test
    void eachJobHasASeriesOfEverything() {
        DcgmNode node = DcgmNode.showingDefaults(DcgmNode.DEFAULTS)
                .holds("train-0", "GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70")
                .runsJobs("0", "4711", "4712")
                .read("gpu_utilization_ratio", 0.5)
                .polled(0);
        assertThat(node.lines("DCGM_FI_DEV_GPU_UTIL"))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .endsWith("container=\"main\",hpc_job=\"4711\",namespace=\"prod\",pod=\"train-0\"} 50"),
                        second -> assertThat(second)
                                .endsWith(
                                        "container=\"main\",hpc_job=\"4712\",namespace=\"prod\",pod=\"train-0\"} 50"));
    }

    @Test
    void jobsOfAnotherGpuAreNotShown() {
        DcgmNode node = DcgmNode.showingDefaults(DcgmNode.DEFAULTS)
                .runsJobs("1", "4711")
                .runsJobs("0.1", "4712")
                .read("gpu_utilization_ratio", 0.5)
                .polled(0);
        assertThat(node.lines("DCGM_FI_DEV_GPU_UTIL"))
                .singleElement()
                .asString()
                .doesNotContain("hpc_job");
    }
}
