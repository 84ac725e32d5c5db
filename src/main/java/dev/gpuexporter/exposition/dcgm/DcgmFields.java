package dev.gpuexporter.exposition.dcgm;

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

    private static final List<DcgmField> VGPU = List.of(gauge(
            526,
            "DCGM_FI_DEV_VGPU_LICENSE_STATUS",
            "Whether a virtual GPU is licensed (1) or not (0); 0 where there is none.",
            whole(DcgmFields::vgpuLicense)));

    private DcgmFields() {}

    /** @param settings over which windows the exporter's own are counted */
    public static List<DcgmField> all(Settings.Dcgm settings) {
        List<DcgmField> numbered = Stream.of(
                        DeviceFields.ALL,
                        LoadFields.ALL,
                        MemoryErrorFields.ALL,
                        NvLinkFields.ALL,
                        NvLink5Fields.ALL,
                        FabricFields.ALL,
                        VGPU,
                        ProfilingFields.ALL)
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
