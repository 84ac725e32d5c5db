package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.NvmlStructs.PciInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The NVLinks of one GPU, by their numbers from 0 on. */
public final class NvLinks {
    /** As a field's scope: the sum over all links. */
    public static final int ALL_LINKS = 0xffffffff;

    /** Far more than any GPU has: a count beyond it is none. */
    private static final int MOST = 256;

    private static final double MEGA = 1e6;
    private static final double KIBI = 1024;
    private static final int RATIO_DIGIT_SHIFT = 8;
    private static final int RATIO_DIGIT = 0xf;
    private static final int RATIO_PLACES = 0xff;

    private final NvmlLibrary nvml;
    private final DeviceCalls calls;
    private final Fields fields;
    private final CounterMemory memory;
    private final Map<Integer, NvLinkRemote> remotes = new HashMap<>();
    private Optional<Integer> count = Optional.empty();

    NvLinks(NvmlLibrary nvml, DeviceCalls calls, Fields fields, CounterMemory memory) {
        this.nvml = nvml;
        this.calls = calls;
        this.fields = fields;
        this.memory = memory;
    }

    /** How many and what they lead to: neither changes while nothing else does. */
    void forget() {
        count = Optional.empty();
        remotes.clear();
    }

    /** How many there are, whether they are up or not; 0 where the GPU has none. */
    public int count() throws NvmlException {
        if (count.isEmpty()) {
            count = Optional.of(askForCount());
        }
        return count.get();
    }

    /** In a call of its own, before all others: which fields are wanted depends on it. */
    private int askForCount() throws NvmlException {
        FieldValues alone = new FieldValues(nvml, Set.of(Field.of(NVML_FI_DEV_NVLINK_LINK_COUNT)), Set.of());
        double links = calls.questions()
                .ask(FieldValues.FUNCTION + "(links", () -> {
                    alone.read(calls.handle());
                    return alone;
                })
                .map(answer -> answer.get(NVML_FI_DEV_NVLINK_LINK_COUNT, 0))
                .map(FieldValues.Value::number)
                .orElse(0.0);
        return links >= 0 && links <= MOST ? (int) links : 0;
    }

    /** Each of the ids for each of the links. */
    public List<Field> fields(int... ids) throws NvmlException {
        List<Field> each = new ArrayList<>();
        for (int link = 0; link < count(); link++) {
            for (int id : ids) {
                each.add(new Field(id, link));
            }
        }
        return each;
    }

    /** Whether the driver has any of the fields for any of the links. */
    public boolean hasAny(Collection<Integer> ids) throws NvmlException {
        for (int id : ids) {
            if (fields.isSupported(id)) {
                return true;
            }
        }
        return false;
    }

    public OptionalDouble field(int id, int link) throws NvmlException {
        return fields.get(id, link);
    }

    /** One of {@code NVML_NVLINK_STATE_…}; older drivers tell inactive from active alone. */
    public OptionalDouble state(int link) throws NvmlException {
        OptionalDouble state = field(NVML_FI_DEV_NVLINK_GET_STATE, link);
        return state.isPresent() || fields.isSupported(NVML_FI_DEV_NVLINK_GET_STATE)
                ? state
                : calls.u32(
                        "nvmlDeviceGetNvLinkState(" + link,
                        (device, out) -> nvml.nvmlDeviceGetNvLinkState(device, link, out));
    }

    /** Such as 4.0; empty where the driver does not say. */
    public String version(int link) throws NvmlException {
        OptionalDouble version = field(NVML_FI_DEV_NVLINK_GET_VERSION, link);
        if (version.isEmpty() && !fields.isSupported(NVML_FI_DEV_NVLINK_GET_VERSION)) {
            version = calls.u32(
                    "nvmlDeviceGetNvLinkVersion(" + link,
                    (device, out) -> nvml.nvmlDeviceGetNvLinkVersion(device, link, out));
        }
        return version.isPresent() ? Vocabulary.nvLinkVersion((int) version.getAsDouble()) : "";
    }

    /** What the link leads to; asked once, since only a reset changes it. */
    public NvLinkRemote remote(int link) throws NvmlException {
        NvLinkRemote known = remotes.get(link);
        if (known != null) {
            return known;
        }
        OptionalDouble type = calls.u32(
                "nvmlDeviceGetNvLinkRemoteDeviceType(" + link,
                (device, out) -> nvml.nvmlDeviceGetNvLinkRemoteDeviceType(device, link, out));
        Optional<String> busId = calls.struct(
                "nvmlDeviceGetNvLinkRemotePciInfo_v2(" + link,
                PciInfo.LAYOUT,
                (device, out) -> nvml.nvmlDeviceGetNvLinkRemotePciInfo_v2(device, link, out),
                PciInfo.BUS_ID::string);
        NvLinkRemote remote = new NvLinkRemote(
                type.isPresent() ? Vocabulary.nvLinkRemoteType((int) type.getAsDouble()) : "", busId.orElse(""));
        if (type.isPresent()) {
            remotes.put(link, remote);
        }
        return remote;
    }

    /** What the link can carry each way, bytes a second. */
    public OptionalDouble bytesPerSecond(int link) throws NvmlException {
        return DeviceCalls.in(megabytes -> MEGA * megabytes, field(NVML_FI_DEV_NVLINK_GET_SPEED, link));
    }

    /** Data sent; counted in bytes from NVLink 5 on, in KiB before. */
    public OptionalDouble transmitBytes(int link) throws NvmlException {
        return bytes(link, NVML_FI_DEV_NVLINK_COUNT_XMIT_BYTES, NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX);
    }

    public OptionalDouble receiveBytes(int link) throws NvmlException {
        return bytes(link, NVML_FI_DEV_NVLINK_COUNT_RCV_BYTES, NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX);
    }

    /** Which of the two it is does not depend on whether one of them answers just now: they do not count the same. */
    private OptionalDouble bytes(int link, int inBytes, int inKibibytes) throws NvmlException {
        return fields.isSupported(inBytes)
                ? field(inBytes, link)
                : DeviceCalls.in(kibibytes -> KIBI * kibibytes, field(inKibibytes, link));
    }

    /** Data sent over all links. */
    public OptionalDouble transmitBytes() throws NvmlException {
        return bytes(NVML_FI_DEV_NVLINK_COUNT_XMIT_BYTES, NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX);
    }

    public OptionalDouble receiveBytes() throws NvmlException {
        return bytes(NVML_FI_DEV_NVLINK_COUNT_RCV_BYTES, NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX);
    }

    /** The driver sums what it counts in KiB; what it counts in bytes it gives link by link alone. */
    private OptionalDouble bytes(int inBytes, int inKibibytes) throws NvmlException {
        if (!fields.isSupported(inBytes)) {
            return DeviceCalls.in(kibibytes -> KIBI * kibibytes, fields.get(inKibibytes, ALL_LINKS));
        }
        Map<Integer, Double> byLink = new HashMap<>();
        for (int link = 0; link < count(); link++) {
            OptionalDouble bytes = field(inBytes, link);
            if (bytes.isPresent()) {
                byLink.put(link, bytes.getAsDouble());
            }
        }
        return sum("field " + inBytes, byLink);
    }

    /** The sum of one counter over the links, which goes on when a single link begins again. */
    public OptionalDouble sum(String counter, Map<Integer, Double> byLink) {
        return memory.sum(counter).next(byLink);
    }

    /** A rate of errors, which the driver writes in decimals: a digit from 0 to 15, then how far to the right it stands. */
    public OptionalDouble errorRatio(int id, int link) throws NvmlException {
        return DeviceCalls.in(
                raw -> ((int) raw >>> RATIO_DIGIT_SHIFT & RATIO_DIGIT) * Math.pow(10, -((int) raw & RATIO_PLACES)),
                field(id, link));
    }

    /** One of {@code NVML_NVLINK_ERROR_DL_…}, for drivers that have no field for it. */
    public OptionalDouble errors(int link, int counter) throws NvmlException {
        return calls.u64(
                "nvmlDeviceGetNvLinkErrorCounter(" + link + "," + counter,
                (device, out) -> nvml.nvmlDeviceGetNvLinkErrorCounter(device, link, counter, out));
    }
}
