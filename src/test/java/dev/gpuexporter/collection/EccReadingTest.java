package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.testing.InterceptedCall;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Of worn memory after 15 seconds: two errors in the T4's device memory; 8 in the H100's SRAM, and 9 corrected ones. */
class EccReadingTest {
    private static final int T4 = 0;
    private static final int H100 = 2;
    private static final int SRAM = 7;

    private final CountedNvml calls = new CountedNvml();

    private DeviceReading read(int gpu, UnaryOperator<NvmlLibrary> wrapped) throws Exception {
        return ReadNode.of(PolledNode.scenario("worn-memory"), library -> calls.in(wrapped.apply(library)))
                .after(Duration.ofSeconds(15), gpu);
    }

    private static void hasItsErrors(DeviceReading h100) {
        for (String total : List.of("gpu_ecc_errors_total", "gpu_ecc_volatile_errors_total")) {
            assertThat(h100.value(total, "corrected")).as(total).hasValue(9);
            assertThat(h100.value(total, "uncorrected")).as(total).hasValue(8);
        }
        for (String location : List.of("gpu_ecc_location_errors_total", "gpu_ecc_volatile_location_errors_total")) {
            assertThat(h100.value(location, "uncorrected", "sram")).as(location).hasValue(8);
            assertThat(h100.value(location, "uncorrected", "dram")).as(location).hasValue(0);
        }
    }

    @Test
    void totalsAreFieldValuesAndCostNoCall() throws Exception {
        hasItsErrors(read(H100, library -> library));
        assertThat(calls.take()).noneMatch(call -> call.startsWith("nvmlDeviceGetTotalEccErrors"));
    }

    @Test
    void totalsAreAskedForWhereTheDriverHasNoSuchFields() throws Exception {
        hasItsErrors(read(
                H100,
                library -> AnsweredFields.in(library, (field, scope, value) -> {
                    if (field >= 3 && field <= 6) {
                        AnsweredFields.notSupported(value);
                    }
                })));
        assertThat(calls.take())
                .filteredOn(call -> call.startsWith("nvmlDeviceGetTotalEccErrors"))
                .hasSize(4);
    }

    /** CBU has no corrected errors, and nobody tells of the textures' shared memory. */
    @Test
    void partsOfSramAreToldWhereItIsNotCountedAsAWhole() throws Exception {
        DeviceReading t4 = read(T4, EccReadingTest::withoutSram);
        for (String location : List.of("gpu_ecc_location_errors_total", "gpu_ecc_volatile_location_errors_total")) {
            assertThat(t4.samples())
                    .filteredOn(sample -> sample.metric().name().equals(location) && isUncorrected(sample))
                    .extracting(sample -> sample.labels().get(1))
                    .containsExactly("dram", "l1_cache", "l2_cache", "register_file", "texture_memory", "cbu");
            assertThat(t4.samples())
                    .filteredOn(sample -> sample.metric().name().equals(location) && isUncorrected(sample))
                    .extracting(Sample::value)
                    .containsExactly(2.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        }
    }

    private static boolean isUncorrected(Sample sample) {
        return sample.labels().get(0).equals("uncorrected");
    }

    private static NvmlLibrary withoutSram(NvmlLibrary library) {
        return InterceptedCall.intercepted(
                call -> call.isOf("nvmlDeviceGetMemoryErrorCounter") && call.arguments()[3].equals(SRAM)
                        ? NvmlReturn.NOT_SUPPORTED.code()
                        : call.on(library));
    }
}
