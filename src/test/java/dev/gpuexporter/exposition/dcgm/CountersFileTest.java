package dev.gpuexporter.exposition.dcgm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.exposition.dcgm.CountersFile.Chosen;
import dev.gpuexporter.exposition.dcgm.DcgmField.Type;
import dev.gpuexporter.exposition.dcgm.DcgmSelection.Column;
import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CountersFileTest {
    private static final Path SHIPPED = Project.directory().resolve("src/main/resources/dcgm-exporter");
    private static final List<DcgmField> TABLE = DcgmFields.all(DcgmNode.DEFAULTS);

    /** The facts' list of what is on where nobody has chosen. */
    private static final Set<String> ON = Set.of(
            "DCGM_FI_DEV_SM_CLOCK",
            "DCGM_FI_DEV_MEM_CLOCK",
            "DCGM_FI_DEV_MEMORY_TEMP",
            "DCGM_FI_DEV_GPU_TEMP",
            "DCGM_FI_DEV_POWER_USAGE",
            "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION",
            "DCGM_FI_DEV_PCIE_REPLAY_COUNTER",
            "DCGM_FI_DEV_GPU_UTIL",
            "DCGM_FI_DEV_MEM_COPY_UTIL",
            "DCGM_FI_DEV_ENC_UTIL",
            "DCGM_FI_DEV_DEC_UTIL",
            "DCGM_FI_DEV_XID_ERRORS",
            "DCGM_FI_DEV_FB_FREE",
            "DCGM_FI_DEV_FB_USED",
            "DCGM_FI_DEV_FB_RESERVED",
            "DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL",
            "DCGM_FI_DEV_VGPU_LICENSE_STATUS",
            "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS",
            "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS",
            "DCGM_FI_DEV_ROW_REMAP_FAILURE",
            "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
            "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
            "DCGM_FI_PROF_DRAM_ACTIVE",
            "DCGM_FI_PROF_PCIE_TX_BYTES",
            "DCGM_FI_PROF_PCIE_RX_BYTES");

    private static Chosen read(String... rows) {
        return CountersFile.read("counters.csv", String.join("\n", rows), TABLE);
    }

    @Test
    void choosesFieldsAndTheirTypesAndTexts() {
        Chosen chosen = read(
                "# Format: field, type, help",
                "",
                "  DCGM_FI_DEV_GPU_UTIL ,\tgauge , GPU utilization (in %).  ",
                "DCGM_FI_DEV_GPU_TEMP, COUNTER, Warm.",
                "DCGM_FI_DRIVER_VERSION, label, Driver.",
                "#DCGM_FI_DEV_FB_USED, gauge, off");
        assertThat(chosen.selection().columns())
                .extracting(column -> column.field().name(), Column::type, Column::help)
                .containsExactly(
                        tuple("DCGM_FI_DEV_GPU_TEMP", Type.COUNTER, "Warm."),
                        tuple("DCGM_FI_DEV_GPU_UTIL", Type.GAUGE, "GPU utilization (in %)."));
        assertThat(chosen.selection().labels()).extracting(DcgmField::name).containsExactly("DCGM_FI_DRIVER_VERSION");
        assertThat(chosen.remarks()).isEmpty();
    }

    @Test
    void readsWhatWindowsWroteAndQuotedColumns() {
        Chosen chosen = read("\uFEFF# x\r", "\"DCGM_FI_DEV_GPU_UTIL\",gauge,\"Time, in \"\"%\"\"\"\r");
        assertThat(chosen.selection().columns()).extracting(Column::help).containsExactly("Time, in \"%\"");
    }

    @Test
    void anyFieldMayBeALabel() {
        assertThat(read("DCGM_FI_DEV_PSTATE, label, State.", "DCGM_FI_DEV_GPU_UTIL, gauge, Load.")
                        .selection()
                        .labels())
                .extracting(DcgmField::name)
                .containsExactly("DCGM_FI_DEV_PSTATE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DCGM_FI_DEV_GPU_UTILL, gauge, x     | DCGM_FI_DEV_GPU_UTILL is no known field; did you mean DCGM_FI_DEV_GPU_UTIL?
            SOMETHING_ELSE_ENTIRELY, gauge, x   | SOMETHING_ELSE_ENTIRELY is no known field; docs/moving-from-dcgm.md lists them
            DCGM_FI_DEV_GPU_UTIL, gauge         | a row has three columns, not 2; write FIELD, type, help, and help with commas in double quotes
            DCGM_FI_DEV_GPU_UTIL, gauge, a, b   | a row has three columns, not 4; write FIELD, type, help, and help with commas in double quotes
            DCGM_FI_DEV_GPU_UTIL, histogram, x  | "histogram" is no type; there are gauge, counter, label
            DCGM_FI_DEV_GPU_UTIL, , x           | "" is no type; there are gauge, counter, label
            DCGM_FI_DRIVER_VERSION, gauge, x    | DCGM_FI_DRIVER_VERSION is text, which has no value; write label for its type
            DCGM_EXP_XID_ERRORS_COUNT, label, x | DCGM_EXP_XID_ERRORS_COUNT has several values, which is no label; write gauge or counter for its type
            """)
    void refusesARowThatCannotBeMeant(String row, String problem) {
        assertThatThrownBy(() -> read("# first", "DCGM_FI_DEV_GPU_TEMP, gauge, Warm.", row))
                .isInstanceOf(BadInputException.class)
                .hasMessage("counters.csv: 3: " + problem);
    }

    @Test
    void refusesAFileWithoutARow() {
        assertThatThrownBy(() -> read("# nothing", ""))
                .hasMessage("counters.csv: has no row; write DCGM_FI_DEV_GPU_UTIL, gauge, GPU utilization.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DCGM_FI_DEV_AUTOBOOST",
                "DCGM_FI_DEV_CC_MODE",
                "DCGM_FI_DEV_CUDA_VISIBLE_DEVICES_STR",
                "DCGM_FI_DEV_MODULE_POWER_UTIL_CURRENT",
                "DCGM_FI_DEV_C2C_LINK_COUNT",
                "DCGM_FI_DEV_NVLINK_PPCNT_PLR_RCV_CODE_ERR",
                "DCGM_FI_DEV_NVSWITCH_TEMPERATURE_CURRENT",
                "DCGM_FI_DEV_CPU_UTIL_TOTAL",
                "DCGM_FI_DEV_VGPU_MEMORY_USAGE",
                "DCGM_FI_DEV_FABRIC_HEALTH_MASK"
            })
    void leavesOutWhatThereIsNotAndSaysSo(String field) {
        Chosen chosen = read("DCGM_FI_DEV_GPU_TEMP, gauge, Warm.", field + ", gauge, x");
        assertThat(chosen.selection().columns()).hasSize(1);
        assertThat(chosen.remarks())
                .singleElement()
                .asString()
                .startsWith("counters.csv: 2: " + field + " is left out: ");
    }

    @Test
    void aFieldThatIsChosenTwiceIsShownOnce() {
        Chosen chosen = read("DCGM_FI_DEV_GPU_TEMP, gauge, one", "DCGM_FI_DEV_GPU_TEMP, counter, two");
        assertThat(chosen.selection().columns()).extracting(Column::help).containsExactly("one");
        assertThat(chosen.remarks())
                .containsExactly("counters.csv: 2: DCGM_FI_DEV_GPU_TEMP is chosen by line 1 already, which counts");
    }

    @Test
    void nothingIsBothThereAndAbsent() {
        assertThat(TABLE)
                .extracting(DcgmField::name)
                .filteredOn(name -> AbsentFields.why(name).isPresent())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"default-counters.csv", "dcp-metrics-included.csv"})
    void theImagesFilesHaveTheFieldsOnThatPeopleKnow(String name) throws IOException {
        Chosen chosen = CountersFile.read(name, Files.readString(SHIPPED.resolve(name)), TABLE);
        assertThat(chosen.remarks()).isEmpty();
        assertThat(chosen.selection().columns())
                .extracting(column -> column.field().name())
                .containsExactlyInAnyOrderElementsOf(ON);
        assertThat(chosen.selection().labels()).extracting(DcgmField::name).containsExactly("DCGM_FI_DRIVER_VERSION");
    }

    /** Whoever takes a # away gets what the table has. */
    @ParameterizedTest
    @ValueSource(strings = {"default-counters.csv", "dcp-metrics-included.csv"})
    void eachRowOfTheImagesFilesIsKnownThoseThatAreOffAsWell(String name) throws IOException {
        String all = Pattern.compile("^# (?=DCGM_)", Pattern.MULTILINE)
                .matcher(Files.readString(SHIPPED.resolve(name)))
                .replaceAll("");
        Chosen chosen = CountersFile.read(name, all, TABLE);
        assertThat(chosen.remarks()).isEmpty();
        assertThat(chosen.selection().columns()).hasSizeGreaterThan(50).allSatisfy(column -> {
            assertThat(column.help()).isEqualTo(column.field().help());
            assertThat(column.type()).isEqualTo(column.field().type());
        });
    }
}
