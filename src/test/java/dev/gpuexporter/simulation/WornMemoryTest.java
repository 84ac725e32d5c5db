package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scenarios do to memory, as the driver's interface tells it. */
class WornMemoryTest {
    private static final int T4 = 0;
    private static final int A100 = 1;
    private static final int H100 = 2;
    private static final int XIDS = 3;

    private final Caller caller = Caller.ofFile("worn-memory");

    @BeforeEach
    void passAMinute() {
        caller.pass(Duration.ofMinutes(1));
        assertThat(caller.nvml.nvmlInit_v2()).isZero(); // the driver was loaded anew meanwhile
    }

    @Test
    void aPageIsRetiredWhenTheDriverIsNextLoaded() {
        assertThat(caller.fieldValue(T4, 29)).isEqualTo(3);
        assertThat(caller.fieldValue(T4, 30)).isEqualTo(2);
        assertThat(caller.fieldValue(T4, 31)).isEqualTo(1);
        assertThat(caller.field(T4, 142)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
    }

    @Test
    void aRowIsRemappedWhenTheDriverIsNextLoaded() {
        assertThat(caller.fieldValue(A100, 142)).isEqualTo(11);
        assertThat(caller.fieldValue(A100, 143)).isEqualTo(6);
        assertThat(caller.fieldValue(A100, 144)).isZero();
        assertThat(caller.fieldValue(A100, 145)).isZero();
        assertThat(caller.fieldValue(H100, 143)).isZero();
        assertThat(caller.fieldValue(H100, 144)).isEqualTo(1);
        assertThat(caller.fieldValue(H100, 145)).isEqualTo(1);
    }

    @Test
    void theFunctionSaysWhatTheFieldsSay() {
        caller.out.clear();
        assertThat(caller.code(
                        A100,
                        (gpu, out) -> caller.nvml.nvmlDeviceGetRemappedRows(
                                gpu, out, out.share(4), out.share(8), out.share(12))))
                .isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.out.getIntArray(0, 4)).containsExactly(11, 6, 0, 0);
    }

    @Test
    void whatBefellBeforeTheDriverWasLoadedIsOnlyOfTheGpusLife() {
        assertThat(uncorrected(H100, 1)).isEqualTo(7 + 2 + 5 + 1 + 1 + 3 + 4);
        assertThat(uncorrected(H100, 0)).isEqualTo(7 + 1 + 3 + 4);
        assertThat(caller.fieldValue(H100, 4)).isEqualTo(7 + 1 + 3 + 4);
    }

    private long uncorrected(int gpu, int counter) {
        return caller.u64(gpu, (device, out) -> caller.nvml.nvmlDeviceGetTotalEccErrors(device, 1, counter, out));
    }

    @Test
    void theStrongestRemedyIsAskedFor() {
        assertThat(caller.fieldValue(T4, 230)).isEqualTo(4);
        assertThat(caller.fieldValue(A100, 230)).isEqualTo(2);
        assertThat(caller.fieldValue(H100, 230)).isEqualTo(4);
        assertThat(caller.fieldValue(XIDS, 230)).isEqualTo(1);
        assertThat(caller.fieldValue(4, 230)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "a10, 192",
        "a100-40, 640",
        "a100-80, 640",
        "l4, 96",
        "l40s, 192",
        "h100, 2560",
        "h200, 3072",
        "b200, 3840",
        "gb200, 3968",
        "rtx4090, 192"
    })
    void allBanksOfASoundCardHaveAllTheirSpareRows(String model, int banks) {
        Caller sound = Caller.of(model);
        assertThat(sound.code(0, sound.nvml::nvmlDeviceGetRowRemapperHistogram)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(sound.out.getIntArray(0, 5)).containsExactly(banks, 0, 0, 0, 0);
    }

    @Test
    void aT4HasNoBanksToSpeakOf() {
        assertThat(caller.code(T4, caller.nvml::nvmlDeviceGetRowRemapperHistogram))
                .isEqualTo(NvmlReturn.NOT_SUPPORTED);
    }

    @ParameterizedTest
    @CsvSource({
        "t4, n, n, 900-2G183-A800-001",
        "a10, n, n, 900-2G133-0020-100",
        "a100-40, y, n, 692-2G506-0200-003",
        "a100-80, y, n, 692-2G506-0212-002",
        "l4, y, n, 900-2G193-0000-001",
        "l40s, y, n, 900-2G133-0080-000",
        "h100, y, y, 692-2G520-0200-000",
        "h200, y, y, 695-2G520-0280-001",
        "b200, y, y, 692-2G525-0220-500",
        "gb200, y, y, 900-2G548-A801-000",
        "rtx4090, n, n, "
    })
    void tellsSramAndC2cAndItsPartNumberAsItsKindDoes(String model, char sram, char c2c, String part) {
        Caller card = Caller.of(model);
        assertThat(card.code(0, (gpu, out) -> {
                    out.setInt(0, 0x01000068);
                    return card.nvml.nvmlDeviceGetSramEccErrorStatus(gpu, out);
                }))
                .isEqualTo(sram == 'y' ? NvmlReturn.SUCCESS : NvmlReturn.NOT_SUPPORTED);
        assertThat(card.code(0, card.nvml::nvmlDeviceGetC2cModeInfoV))
                .isEqualTo(c2c == 'y' ? NvmlReturn.SUCCESS : NvmlReturn.NOT_SUPPORTED);
        assertThat(c2c == 'y' && card.out.getInt(0) == 1).isEqualTo(model.equals("gb200"));
        NvmlReturn code = card.code(0, (gpu, out) -> card.nvml.nvmlDeviceGetBoardPartNumber(gpu, out, 80));
        assertThat(code == NvmlReturn.SUCCESS ? card.out.getString(0) : null).isEqualTo(part);
    }

    @Test
    void structsOfAnotherVersionAreRefused() {
        assertThat(caller.code(H100, (Pointer gpu, Pointer out) -> {
                    out.setInt(0, 0x02000068);
                    return caller.nvml.nvmlDeviceGetSramEccErrorStatus(gpu, out);
                }))
                .isEqualTo(NvmlReturn.ARGUMENT_VERSION_MISMATCH);
    }
}
