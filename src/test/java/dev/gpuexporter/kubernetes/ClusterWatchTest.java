package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Log;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterWatchTest {
    @TempDir
    private Path validations;

    private boolean broken;

    private void changed() {
        if (broken) {
            throw new IllegalStateException("a defect");
        }
    }

    private void validated(String component) throws Exception {
        Files.createFile(validations.resolve(component + "-ready"));
    }

    @Test
    void saysOnceThatItFailsGoesOnAndSaysThatItWorksAgain() throws Exception {
        try (Log log = Log.of(ClusterWatch.class);
                ClusterWatch watch =
                        new ClusterWatch(new StackComponents(validations), Optional.empty(), this::changed)) {
            watch.look();
            assertThat(log.lines()).isEmpty();

            broken = true;
            validated("driver");
            watch.look();
            validated("toolkit");
            watch.look();
            assertThat(log.lines())
                    .containsExactly("ERROR looking for what changed in the cluster fails; trying again");

            broken = false;
            validated("plugin");
            watch.look();
            assertThat(watch.current().stack()).containsEntry("plugin", true).containsEntry("cuda", false);
            assertThat(log.lines().get(1)).isEqualTo("INFO looking for what changed in the cluster works again");
            assertThat(log.lines()).hasSize(2);
        }
    }
}
