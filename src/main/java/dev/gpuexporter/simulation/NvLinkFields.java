package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.*;
import static dev.gpuexporter.simulation.FieldIds.*;

import java.util.List;

/** The fields of the NVLinks: of one link by its number in the scope, some of all links together. */
final class NvLinkFields {
    private static final int ALL_LINKS = 0xffffffff;
    private static final int FIRST_OF_VERSION_5 = NVML_FI_DEV_NVLINK_COUNT_XMIT_PACKETS;
    private static final double KIBI = 1024;
    private static final double BYTES_A_PACKET = 256;
    private static final double BYTES_A_WRONG_SYMBOL = 1e9;
    private static final double BYTES_A_BLOCK = 512;

    /** What links say that have seen no error: 15 with 255 places behind the point. */
    private static final long NO_ERRORS = 0xfff;

    private final GpuModel.NvLink kind;
    private final List<NvLinkState> links;

    NvLinkFields(GpuModel model, GpuState state) {
        this.kind = model.nvLink();
        this.links = state.counters().nvLinks();
    }

    static boolean has(int field) {
        return field == NVML_FI_DEV_NVLINK_LINK_COUNT
                || field == NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX
                || field == NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX
                || field >= NVML_FI_DEV_NVLINK_ERROR_DL_REPLAY && field <= NVML_FI_DEV_NVLINK_GET_VERSION
                || field >= FIRST_OF_VERSION_5 && field <= NVML_FI_DEV_NVLINK_COUNT_SYMBOL_BER
                || isFecHistory(field);
    }

    private static boolean isFecHistory(int field) {
        return field >= NVML_FI_DEV_NVLINK_COUNT_FEC_HISTORY_0 && field <= NVML_FI_DEV_NVLINK_COUNT_FEC_HISTORY_15;
    }

    FieldReading read(int field, int scope) throws Refusal {
        if (links.isEmpty()) {
            throw Refusal.notSupported();
        }
        return switch (field) {
            case NVML_FI_DEV_NVLINK_LINK_COUNT -> FieldReading.u32(links.size());
            case NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX -> kibibytes(scope, true);
            case NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX -> kibibytes(scope, false);
            case NVML_FI_DEV_NVLINK_GET_SPEED -> {
                if (!link(scope).up()) {
                    throw Refusal.notSupported();
                }
                yield FieldReading.u32(kind.megabytesPerSecond());
            }
            case NVML_FI_DEV_NVLINK_GET_STATE -> FieldReading.u32(link(scope).up() ? 1 : 0);
            case NVML_FI_DEV_NVLINK_GET_VERSION -> FieldReading.u32(kind.version());
            case NVML_FI_DEV_NVLINK_ERROR_DL_REPLAY,
                    NVML_FI_DEV_NVLINK_ERROR_DL_RECOVERY,
                    NVML_FI_DEV_NVLINK_ERROR_DL_CRC -> errorsBeforeVersion5(field, link(scope));
            default -> ofVersion5(field, link(scope));
        };
    }

    private NvLinkState link(int scope) throws Refusal {
        if (scope < 0 || scope >= links.size()) {
            throw Refusal.invalidArgument();
        }
        return links.get(scope);
    }

    /** Counted in whole KiB, link by link. */
    private FieldReading kibibytes(int scope, boolean transmit) throws Refusal {
        if (scope != ALL_LINKS) {
            return FieldReading.u64(kibibytes(link(scope), transmit));
        }
        long sum = 0;
        for (NvLinkState link : links) {
            sum += kibibytes(link, transmit);
        }
        return FieldReading.u64(sum);
    }

    private static long kibibytes(NvLinkState link, boolean transmit) {
        return (long) ((transmit ? link.transmitBytes() : link.receiveBytes()) / KIBI);
    }

    private FieldReading errorsBeforeVersion5(int field, NvLinkState link) throws Refusal {
        if (kind.hasCountersOfVersion5()) {
            throw Refusal.notSupported();
        }
        return FieldReading.u64(
                switch (field) {
                    case NVML_FI_DEV_NVLINK_ERROR_DL_REPLAY -> replays(link);
                    case NVML_FI_DEV_NVLINK_ERROR_DL_RECOVERY -> link.recoveries();
                    default -> link.damaged();
                });
    }

    /** A replay sends several packets again. */
    static long replays(NvLinkState link) {
        return link.damaged() / 3;
    }

    /** Each kind of error is another part of the packets that were damaged, so that the kinds can be told apart. */
    private FieldReading ofVersion5(int field, NvLinkState link) throws Refusal {
        if (!kind.hasCountersOfVersion5()) {
            throw Refusal.notSupported();
        }
        long damaged = link.damaged();
        return FieldReading.u64(
                switch (field) {
                    case NVML_FI_DEV_NVLINK_COUNT_XMIT_PACKETS -> (long) (link.transmitBytes() / BYTES_A_PACKET);
                    case NVML_FI_DEV_NVLINK_COUNT_XMIT_BYTES -> (long) link.transmitBytes();
                    case NVML_FI_DEV_NVLINK_COUNT_RCV_PACKETS -> (long) (link.receiveBytes() / BYTES_A_PACKET);
                    case NVML_FI_DEV_NVLINK_COUNT_RCV_BYTES -> (long) link.receiveBytes();
                    case NVML_FI_DEV_NVLINK_COUNT_MALFORMED_PACKET_ERRORS -> damaged / 4;
                    case NVML_FI_DEV_NVLINK_COUNT_BUFFER_OVERRUN_ERRORS -> damaged / 6;
                    case NVML_FI_DEV_NVLINK_COUNT_RCV_ERRORS -> damaged;
                    case NVML_FI_DEV_NVLINK_COUNT_RCV_REMOTE_ERRORS -> damaged / 7;
                    case NVML_FI_DEV_NVLINK_COUNT_RCV_GENERAL_ERRORS -> damaged / 8;
                    case NVML_FI_DEV_NVLINK_COUNT_LOCAL_LINK_INTEGRITY_ERRORS -> damaged / 9;
                    case NVML_FI_DEV_NVLINK_COUNT_XMIT_DISCARDS -> damaged / 11;
                    case NVML_FI_DEV_NVLINK_COUNT_LINK_RECOVERY_SUCCESSFUL_EVENTS -> link.recoveries();
                    case NVML_FI_DEV_NVLINK_COUNT_LINK_RECOVERY_FAILED_EVENTS -> link.failures();
                    case NVML_FI_DEV_NVLINK_COUNT_LINK_RECOVERY_EVENTS -> link.recoveries() + link.failures();
                    case NVML_FI_DEV_NVLINK_COUNT_EFFECTIVE_ERRORS -> 2 * damaged;
                    case NVML_FI_DEV_NVLINK_COUNT_SYMBOL_ERRORS -> wrongSymbols(link);
                    case NVML_FI_DEV_NVLINK_COUNT_EFFECTIVE_BER -> ratio(2 * damaged, link);
                    case NVML_FI_DEV_NVLINK_COUNT_SYMBOL_BER -> ratio(wrongSymbols(link), link);
                    default -> fecHistory(field, link);
                });
    }

    private static long wrongSymbols(NvLinkState link) {
        return 5 * link.damaged() + (long) (link.receiveBytes() / BYTES_A_WRONG_SYMBOL);
    }

    /** Of all bits received: one digit, and the places behind the point. */
    private static long ratio(long errors, NvLinkState link) {
        if (errors == 0 || link.receiveBytes() == 0) {
            return NO_ERRORS;
        }
        double ratio = errors / (8 * link.receiveBytes());
        long places = Math.max(0, (long) Math.ceil(-Math.log10(ratio)));
        return Math.min(9, Math.max(1, Math.round(ratio * Math.pow(10, places)))) << 8 | places;
    }

    /** Each further symbol to correct in one block is half as likely. */
    private static long fecHistory(int field, NvLinkState link) throws Refusal {
        if (!isFecHistory(field)) {
            throw Refusal.notSupported();
        }
        int corrected = field - NVML_FI_DEV_NVLINK_COUNT_FEC_HISTORY_0;
        return corrected == 0 ? (long) (link.receiveBytes() / BYTES_A_BLOCK) : wrongSymbols(link) >> corrected;
    }
}
