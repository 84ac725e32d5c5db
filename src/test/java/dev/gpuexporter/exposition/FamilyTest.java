package dev.gpuexporter.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.attribution.Series;
import dev.gpuexporter.metrics.DeviceMetrics;
import java.io.ByteArrayOutputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is kept from page to page; that it is written as it should be is {@link PageWriterTest}'s matter. */
class FamilyTest {
    private final Family family = new Family(DeviceMetrics.UP);

    private static Series up(String gpu, double value) {
        return new Series(DeviceMetrics.UP, List.of("gpu"), new ArrayList<>(List.of(gpu)), value);
    }

    private List<String> page(Series... series) {
        family.beginPage();
        for (Series one : series) {
            family.add(one);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PageBuffer page = new PageBuffer(bytes);
        family.write(page, false);
        page.flush();
        return bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    @Test
    void writesTheNewestValue() {
        assertThat(page(up("0", 1))).containsExactly("gpu_up{gpu=\"0\"} 1.0");
        assertThat(page(up("0", 0))).containsExactly("gpu_up{gpu=\"0\"} 0.0");
        assertThat(page(up("0", -0.0))).containsExactly("gpu_up{gpu=\"0\"} -0.0");
    }

    @Test
    void writesInTheSameOrderHoweverTheSeriesCome() {
        List<String> lines = page(up("0", 1), up("1", 1), up("2", 1));
        assertThat(page(up("2", 1), up("0", 1), up("1", 1))).isEqualTo(lines);
        assertThat(page(up("1", 1), up("2", 1), up("0", 1))).isEqualTo(lines);
    }

    @Test
    void goesOnAfterAPageThatWasBegunAndNotWritten() {
        page(up("0", 1), up("1", 1));
        family.beginPage();
        family.add(up("2", 1));
        assertThat(page(up("0", 1), up("1", 0))).containsExactly("gpu_up{gpu=\"0\"} 1.0", "gpu_up{gpu=\"1\"} 0.0");
    }

    @Test
    @Timeout(30)
    void forgetsASeriesThatAPageDoesNotHave() throws InterruptedException {
        Series gone = up("9", 1);
        WeakReference<List<String>> kept = new WeakReference<>(gone.labelValues());
        page(up("0", 1), gone);
        gone = null;
        page(up("0", 1));
        while (kept.get() != null) {
            System.gc();
            Thread.sleep(10);
        }
    }
}
