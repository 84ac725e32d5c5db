package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class JvmMetricsTest {
    /** As Micrometer's binders name them, by which dashboards ask. */
    @Test
    void tellsOfMemoryPausesAndThreadsUnderTheNamesThatPeopleKnow() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        JvmMetrics.bindTo(registry);
        System.gc();
        List<String> page = registry.scrape().lines().toList();
        for (String series : List.of(
                "jvm_memory_used_bytes\\{area=\"heap\",id=\".+\"} [1-9].*",
                "jvm_memory_used_bytes\\{area=\"nonheap\",id=\"Metaspace\"} [1-9].*",
                "jvm_memory_committed_bytes\\{area=\"nonheap\",id=\"Metaspace\"} [1-9].*",
                "jvm_memory_max_bytes\\{area=\"heap\",id=\".+\"} .+",
                "# TYPE jvm_gc_pause_seconds summary",
                "jvm_gc_pause_seconds_count\\{gc=\".+\"} [1-9].*",
                "jvm_gc_pause_seconds_sum\\{gc=\".+\"} 0\\.\\d+",
                "jvm_threads_live_threads [1-9].*",
                "jvm_threads_daemon_threads [1-9].*",
                "jvm_threads_peak_threads [1-9].*",
                "jvm_threads_started_threads_total [1-9].*")) {
            assertThat(page).as(series).anyMatch(line -> line.matches(series));
        }
    }
}
