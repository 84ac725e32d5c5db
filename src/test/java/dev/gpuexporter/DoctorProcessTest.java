package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpuexporter.nvml.CompiledNvml;
import dev.gpuexporter.testing.MainProcess;
import dev.gpuexporter.testing.MainProcess.Ended;
import dev.gpuexporter.testing.Tool;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What {@code doctor} says of this machine, without a driver and with one that is compiled for it; and that it ends. */
class DoctorProcessTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("GPU_EXPORTER_KUBERNETES_KUBELET_ROOT", "/no/kubelet", "GPU_EXPORTER_LISTEN", "127.0.0.1:0");

    @Test
    void saysWhatANodeLacksThatHasNothing() throws Exception {
        Tool.NO_DRIVER.require();
        JsonNode findings = doctor(Map.of());
        assertThat(texts(findings, "fail", "driver"))
                .singleElement()
                .asString()
                .startsWith("NVML not found: ")
                .contains("libnvidia-ml.so.1 on the loader's path", "/run/nvidia/driver/usr/lib64")
                .endsWith("no kernel module nvidia is loaded");
        assertThat(texts(findings, "fail", "device files")).containsExactly("/dev/nvidiactl does not exist");
        assertThat(texts(findings, "fail", "kubelet"))
                .containsExactly("/no/kubelet/pod-resources/kubelet.sock does not exist");
    }

    @Test
    void namesTheLibraryThatItFound() throws Exception {
        String library = CompiledNvml.library().toRealPath().toString();
        JsonNode findings = doctor(Map.of("GPU_EXPORTER_NVML_LIBRARY", library));
        assertThat(texts(findings, "ok", "driver")).singleElement().asString().endsWith(" (" + library + ")");
        assertThat(texts(findings, "ok", "GPUs")).singleElement().asString().endsWith(", both answer");
    }

    @Test
    void namesTheFunctionThatHangsInARealLibrary() throws Exception {
        JsonNode findings = doctor(Map.of(
                "GPU_EXPORTER_NVML_LIBRARY",
                CompiledNvml.library().toString(),
                "FAKE_NVML_BLOCK",
                "nvmlDeviceGetPowerUsage:1"));
        assertThat(texts(findings, "fail", "GPUs"))
                .filteredOn(text -> text.contains("hangs"))
                .singleElement()
                .asString()
                .matches("GPU 1 hangs in nvmlDeviceGetPowerUsage, for 1\\d s by now");
    }

    @Test
    void doesWithoutAFunctionThatAnOlderLibraryLacks() throws Exception {
        JsonNode findings = doctor(Map.of(
                "GPU_EXPORTER_NVML_LIBRARY",
                CompiledNvml.without("nvmlDeviceGetMigMode").toString()));
        assertThat(texts(findings, "ok", "GPUs")).singleElement().asString().endsWith(", both answer");
        assertThat(texts(findings, "fail", "MIG")).isEmpty();
    }

    /** Something fails in each of them: this machine has no device files, nor a kubelet. */
    private static JsonNode doctor(Map<String, String> more) throws Exception {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.putAll(more);
        Ended ended = MainProcess.run(environment, "doctor", "--format", "json");
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.exitCode()).isEqualTo(1);
        return findings(ended.output());
    }

    private static JsonNode findings(String output) throws IOException {
        return new ObjectMapper().readTree(output).path("findings");
    }

    private static List<String> texts(JsonNode findings, String level, String topic) {
        return StreamSupport.stream(findings.spliterator(), false)
                .filter(finding -> finding.path("level").asText().equals(level)
                        && finding.path("topic").asText().equals(topic))
                .map(finding -> finding.path("text").asText())
                .toList();
    }
}
