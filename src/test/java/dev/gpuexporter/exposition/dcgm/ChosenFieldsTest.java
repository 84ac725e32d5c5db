package dev.gpuexporter.exposition.dcgm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.testing.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChosenFieldsTest {
    private static final String TEMPERATURE = "DCGM_FI_DEV_GPU_TEMP, gauge, Warm.\n";
    private static final String LOAD = "DCGM_FI_DEV_GPU_UTIL, gauge, Load.\n";
    private static final Path NONE = Path.of("/nonexistent");

    @TempDir
    private Path directory;

    private final Log log = Log.of(ChosenFields.class);

    @AfterEach
    void stopListening() {
        log.close();
    }

    private static Settings.Dcgm settings(Optional<Path> file) {
        return new Settings.Dcgm(
                true, false, false, false, false, Duration.ofMinutes(5), Duration.ofMinutes(5), file, Optional.empty());
    }

    private static ChosenFields chosenBy(Path file) {
        return new ChosenFields(settings(Optional.of(file)), NONE);
    }

    private static List<String> names(ChosenFields fields) {
        return fields.current().columns().stream()
                .map(column -> column.field().name())
                .toList();
    }

    @Test
    void takesTheUsualFileWhereNoneIsNamedAndOneIsThere() throws IOException {
        Path usual = Files.writeString(directory.resolve("default-counters.csv"), TEMPERATURE);
        assertThat(names(new ChosenFields(settings(Optional.empty()), usual))).containsExactly("DCGM_FI_DEV_GPU_TEMP");
        ChosenFields own = new ChosenFields(settings(Optional.empty()), NONE);
        assertThat(own.current()).isEqualTo(DcgmSelection.defaults(DcgmFields.all(DcgmNode.DEFAULTS)));
        assertThat(own.mayChange()).isFalse();
        assertThat(own.look()).isFalse();
    }

    @Test
    void doesNotStartWithAFileThatCannotBeUsed() throws IOException {
        Path absent = directory.resolve("absent.csv");
        assertThatThrownBy(() -> chosenBy(absent))
                .isInstanceOf(BadInputException.class)
                .hasMessage(absent + ": no such file; write the path of DCGM's list of counters");
        Path bad = Files.writeString(directory.resolve("bad.csv"), TEMPERATURE + "DCGM_FI_DEV_GPU_UTIL\n");
        assertThatThrownBy(() -> chosenBy(bad))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith(bad + ": 2: a row has three columns");
        assertThatThrownBy(() -> chosenBy(directory))
                .isInstanceOf(BadInputException.class)
                .hasMessage(directory + ": is a directory; write the path of DCGM's list of counters");
        Path latin = Files.write(
                directory.resolve("latin.csv"),
                TEMPERATURE.concat("# 30 \u00b0C\n").getBytes(ISO_8859_1));
        assertThatThrownBy(() -> chosenBy(latin))
                .isInstanceOf(BadInputException.class)
                .hasMessage(latin + ": is not UTF-8; write the path of DCGM's list of counters");
    }

    /** As the kubelet does it: the link to the newest directory is replaced, and the old directory removed. */
    @Test
    void followsAMountedConfigMap() throws IOException {
        Path mounted = directory.resolve("counters.csv");
        version("..1", TEMPERATURE);
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(mounted, Path.of("..data/counters.csv"));
        ChosenFields fields = chosenBy(mounted);
        assertThat(fields.look()).isFalse();

        version("..2", LOAD);
        Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2"));
        Files.move(directory.resolve("..data_tmp"), directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(fields.look()).isTrue();
        assertThat(names(fields)).containsExactly("DCGM_FI_DEV_GPU_UTIL");
        assertThat(fields.look()).isFalse();
        assertThat(log.lines()).containsExactly("INFO " + mounted + " has changed: 1 fields");
    }

    private void version(String name, String rows) throws IOException {
        Files.createDirectory(directory.resolve(name));
        Files.writeString(directory.resolve(name).resolve("counters.csv"), rows);
    }

    @Test
    void keepsTheChoiceWhileTheFileIsBadAndSaysSoOnce() throws IOException {
        Path file = Files.writeString(directory.resolve("counters.csv"), TEMPERATURE);
        ChosenFields fields = chosenBy(file);
        Files.writeString(file, LOAD + "DCGM_FI_DEV_GPU_UTILL, gauge, x\n");
        assertThat(fields.look()).isFalse();
        assertThat(fields.look()).isFalse();
        assertThat(names(fields)).containsExactly("DCGM_FI_DEV_GPU_TEMP");
        Files.delete(file);
        assertThat(fields.look()).isFalse();
        assertThat(fields.look()).isFalse();
        Files.writeString(file, LOAD);
        assertThat(fields.look()).isTrue();
        assertThat(names(fields)).containsExactly("DCGM_FI_DEV_GPU_UTIL");
        assertThat(log.lines())
                .containsExactly(
                        "WARN " + file
                                + ": 2: DCGM_FI_DEV_GPU_UTILL is no known field; did you mean DCGM_FI_DEV_GPU_UTIL?;"
                                + " the fields from before stand",
                        "WARN " + file + ": no such file; write the path of DCGM's list of counters;"
                                + " the fields from before stand",
                        "INFO " + file + " has changed: 1 fields");
    }

    @Test
    void saysWhatIsLeftOut() throws IOException {
        Path file =
                Files.writeString(directory.resolve("counters.csv"), TEMPERATURE + "DCGM_FI_DEV_CC_MODE, gauge, CC\n");
        assertThat(names(chosenBy(file))).containsExactly("DCGM_FI_DEV_GPU_TEMP");
        assertThat(log.lines())
                .containsExactly(
                        "WARN " + file + ": 2: DCGM_FI_DEV_CC_MODE is left out: the exporter does not read it so far");
    }
}
