package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpuexporter.doctor.Finding.Level;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Finding DRIVER = Finding.ok("driver", "580.159.03, library the same");
    private static final Finding PROFILING = Finding.warn(
            "profiling", "GPM says NO_PERMISSION on all 8 GPUs", "give the container SYS_ADMIN, or switch it off");
    private static final Finding KUBELET = Finding.fail("kubelet", "does not exist", "mount it");

    @Test
    void tellsWhatIsWrongAndBelowItWhatWouldMendIt() {
        assertThat(new Report(List.of(DRIVER, PROFILING, KUBELET)).text()).isEqualTo("""
                        ok    driver     580.159.03, library the same
                        warn  profiling  GPM says NO_PERMISSION on all 8 GPUs
                                         give the container SYS_ADMIN, or switch it off
                        fail  kubelet    does not exist
                                         mount it
                        1 failure, 1 warning
                        """);
    }

    @Test
    void breaksLongLinesBetweenWordsAndSetsTheRemedyApart() {
        String text = new Report(
                        List.of(Finding.fail("port", "x".repeat(60) + " " + "y".repeat(60), "see who listens")))
                .text();
        assertThat(text.lines())
                .containsExactly(
                        "fail  port  " + "x".repeat(60),
                        "              " + "y".repeat(60),
                        "            see who listens",
                        "1 failure, no warnings");
    }

    @Test
    void makesNoLineWiderThanAHundredColumns() {
        assertThat(new Report(List.of(Finding.ok("port", "x".repeat(40) + " " + "y".repeat(45))))
                        .text()
                        .lines())
                .containsExactly("ok    port  " + "x".repeat(40) + " " + "y".repeat(45), "no failures, no warnings");
        assertThat(new Report(List.of(Finding.ok("port", "x".repeat(40) + " " + "y".repeat(46))))
                        .text()
                        .lines())
                .startsWith("ok    port  " + "x".repeat(40), "              " + "y".repeat(46));
    }

    @Test
    void countsInWords() {
        assertThat(new Report(List.of(DRIVER)).text()).endsWith("\nno failures, no warnings\n");
        assertThat(new Report(List.of(KUBELET, KUBELET, PROFILING, PROFILING)).text())
                .endsWith("\n2 failures, 2 warnings\n");
    }

    @Test
    void isTheSameForPrograms() throws Exception {
        JsonNode json = new ObjectMapper()
                .readTree(new Report(List.of(DRIVER, PROFILING, KUBELET)).json().encode());
        assertThat(json.path("failures").asInt()).isEqualTo(1);
        assertThat(json.path("warnings").asInt()).isEqualTo(1);
        assertThat(json.path("findings")).hasSize(3);
        JsonNode warning = json.path("findings").get(1);
        assertThat(warning.path("level").asText()).isEqualTo("warn");
        assertThat(warning.path("topic").asText()).isEqualTo("profiling");
        assertThat(warning.path("text").asText()).isEqualTo(PROFILING.text());
        assertThat(warning.path("remedy").asText()).isEqualTo(PROFILING.remedy());
    }

    @Test
    void hasARemedyForAllThatIsWrongAndForNothingElse() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Finding(Level.WARN, "port", "taken", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Finding(Level.OK, "port", "free", "none"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Finding(Level.OK, "", "free", ""));
    }
}
