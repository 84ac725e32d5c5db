package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.Sample;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is the same from poll to poll, and what is not. */
class CollectedSamplesTest {
    private final CollectedSamples row = row(2);

    @Test
    void givesTheSameSampleAsLongAsNothingChanges() {
        List<Sample> first = poll(row, samples -> samples.add(5, "0", "rx"));

        assertThat(poll(row, samples -> samples.add(5, "0", "rx")).get(0)).isSameAs(first.get(0));
    }

    @Test
    void keepsTheLabelsOfAnotherValue() {
        List<Sample> first = poll(row, samples -> samples.add(5, "0", "rx"));
        Sample second = poll(row, samples -> samples.add(6, "0", "rx")).get(0);

        assertThat(second.value()).isEqualTo(6);
        assertThat(second.labels()).isSameAs(first.get(0).labels());
        assertThat(first.get(0).value()).as("of the poll before").isEqualTo(5);
    }

    @Test
    void tellsLabelsApartHoweverManyThereAre() {
        CollectedSamples one = row(1);
        poll(one, samples -> samples.add(1, "a"));
        assertThat(poll(one, samples -> samples.add(1, "b")).get(0).labels()).containsExactly("b");

        CollectedSamples two = row(2);
        poll(two, samples -> samples.add(1, "a", "b"));
        assertThat(poll(two, samples -> samples.add(1, "a", "c")).get(0).labels())
                .containsExactly("a", "c");
        assertThat(poll(two, samples -> samples.add(1, "b", "c")).get(0).labels())
                .containsExactly("b", "c");

        CollectedSamples three = row(3);
        Sample first = poll(three, samples -> samples.add(1, "a", "b", "c")).get(0);
        assertThat(poll(three, samples -> samples.add(1, "a", "b", "c")).get(0)).isSameAs(first);
        assertThat(poll(three, samples -> samples.add(1, "a", "b", "d")).get(0).labels())
                .containsExactly("a", "b", "d");
    }

    @Test
    void followsSamplesThatComeAndGo() {
        for (List<String> links : List.of(List.of("0", "1", "2"), List.of("1", "2"), List.of("0", "1", "2"))) {
            List<Sample> came = poll(row, samples -> links.forEach(link -> samples.add(1, link, "rx")));

            assertThat(came).extracting(sample -> sample.labels().get(0)).isEqualTo(links);
        }
    }

    private static CollectedSamples row(int labels) {
        GpuMetric metric = MetricCatalog.all().stream()
                .filter(each -> each.labels().size() == labels)
                .findFirst()
                .orElseThrow();
        return new CollectedSamples(metric, new Peaks(Duration.ofSeconds(60), InstantSource.system()));
    }

    private static List<Sample> poll(CollectedSamples row, Consumer<CollectedSamples> reading) {
        List<Sample> came = new ArrayList<>();
        row.beginPoll(came);
        reading.accept(row);
        return came;
    }
}
