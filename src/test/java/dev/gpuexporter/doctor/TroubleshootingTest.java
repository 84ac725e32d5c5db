package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TroubleshootingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                DriverCheck.TOPIC,
                DeviceFilesCheck.TOPIC,
                GpusCheck.TOPIC,
                RightsCheck.TOPIC,
                ModesCheck.PERSISTENCE,
                ModesCheck.MIG,
                ProfilingCheck.TOPIC,
                KubeletCheck.TOPIC,
                DevicesCheck.TOPIC,
                ProcessesCheck.TOPIC,
                StackCheck.TOPIC,
                ApiServerCheck.TOPIC,
                PortCheck.TOPIC
            })
    void hasAChapterForEveryTopic(String topic) throws IOException {
        assertThat(Files.readAllLines(Project.directory().resolve("docs/troubleshooting.md")))
                .contains("## " + topic);
    }
}
