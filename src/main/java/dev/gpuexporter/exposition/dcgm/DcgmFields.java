package dev.gpuexporter.exposition.dcgm;

import static dev.gpuexporter.exposition.dcgm.DcgmField.counter;
import static dev.gpuexporter.exposition.dcgm.DcgmField.gauge;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.whole;

import dev.gpuexporter.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every field of DCGM that can be told from what is read anyway, in the order in which they are shown: by number. */
public final class DcgmFields {
    private static final int GUEST = 2;

    /** All bits of a byte: the driver does not know. */
    private static final int NOWHERE = 0xff;

    private static final List<DcgmField> VGPU = List.of(
            gauge(
                    500,
                    "DCGM_FI_DEV_VIRTUAL_MODE",
                    "How the GPU is virtualized: 0 not, 1 passed through, 2 a virtual GPU, 3 or 4 the host of some.",
                    whole(entity -> entity.value("gpu_virtualization_mode"))),
            gauge(
                    526,
                    "DCGM_FI_DEV_VGPU_LICENSE_STATUS",
                    "Whether a virtual GPU is licensed (1) or not (0); 0 where there is none.",
                    whole(DcgmFields::vgpuLicense)));

    /** Where in a rack the GPU is, in the driver's own numbers. */
    private static final List<DcgmField> RACK = List.of(
            place(573, "CHASSIS_SLOT_NUMBER", "slot", "Slot in the rack."),
            place(574, "TRAY_INDEX", "tray", "Tray of those in the rack that compute."),
            place(575, "HOST_ID", "host", "Node within the slot."),
            place(576, "PEER_TYPE", "peer_type", "What the NVLinks lead to."),
            place(577, "MODULE_ID", "module", "GPU within the node."));

    /** Newer names of what {@code DCGM_FI_DEV_…_VIOLATION} tell, and the kinds of heat apart. */
    private static final List<DcgmField> EVENT_TIMES = List.of(
            eventTime(1420, "SW_POWER_CAP", "sw_power_cap"),
            eventTime(1421, "SYNC_BOOST", "sync_boost"),
            eventTime(1422, "SW_THERM_SLOWDOWN", "sw_thermal_slowdown"),
            eventTime(1423, "HW_THERM_SLOWDOWN", "hw_thermal_slowdown"),
            eventTime(1424, "HW_POWER_BRAKE_SLOWDOWN", "hw_power_brake_slowdown"));

    private DcgmFields() {}

    private static DcgmField place(int number, String name, String label, String help) {
        return gauge(
                number, "DCGM_FI_DEV_PLATFORM_" + name, help, whole(entity -> entity.all("gpu_platform_info").stream()
                        .map(sample ->
                                sample.labels().get(sample.metric().labels().indexOf(label)))
                        .mapToDouble(Double::parseDouble)
                        .filter(where -> where != NOWHERE)
                        .findFirst()));
    }

    private static DcgmField eventTime(int number, String name, String reason) {
        return counter(
                number,
                "DCGM_FI_DEV_CLOCKS_EVENT_REASON_" + name + "_NS",
                "Time for which the reason " + reason + " held the clocks down (in ns).",
                whole(1e9, entity -> entity.value("gpu_clock_event_seconds_total", reason)));
    }

    /** @param settings over which windows the exporter's own are counted */
    public static List<DcgmField> all(Settings.Dcgm settings) {
        List<DcgmField> numbered = Stream.of(
                        IdentityFields.ALL,
                        DeviceFields.ALL,
                        LoadFields.ALL,
                        MemoryErrorFields.ALL,
                        NvLinkFields.ALL,
                        NvLink5Fields.ALL,
                        FabricFields.ALL,
                        VGPU,
                        RACK,
                        ProfilingFields.ALL,
                        EVENT_TIMES)
                .flatMap(List::stream)
                .toList();
        return Stream.concat(
                        inOrder(numbered),
                        SyntheticFields.over(settings.xidWindow(), settings.clockEventWindow()).stream())
                .toList();
    }

    /** One without a number follows the one that it stands behind. */
    private static Stream<DcgmField> inOrder(List<DcgmField> fields) {
        SortedMap<Integer, List<DcgmField>> byNumber = new TreeMap<>();
        int number = 0;
        for (DcgmField field : fields) {
            number = field.number() == 0 ? number : field.number();
            byNumber.computeIfAbsent(number, its -> new ArrayList<>()).add(field);
        }
        return byNumber.values().stream().flatMap(List::stream);
    }

    /** A guest's driver knows of a licence, but not how the exporter reads it. */
    private static OptionalDouble vgpuLicense(DcgmEntity entity) {
        OptionalDouble mode = entity.value("gpu_virtualization_mode");
        return mode.isPresent() && mode.getAsDouble() != GUEST ? OptionalDouble.of(0) : OptionalDouble.empty();
    }
}
