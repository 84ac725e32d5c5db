package dev.gpuexporter.collection;

import dev.gpuexporter.metrics.ExporterMetrics;
import dev.gpuexporter.nvml.NvmlException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts every call of the driver that failed, and says it once for each device, function and code. */
public final class ReadingErrors {
    private static final Logger log = LoggerFactory.getLogger(ReadingErrors.class);

    private final MeterRegistry registry;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    public ReadingErrors(MeterRegistry registry) {
        this.registry = registry;
    }

    void count(NvmlException failure) {
        Counter.builder(ExporterMetrics.READING_ERRORS.name())
                .description(ExporterMetrics.READING_ERRORS.help())
                .tag("reading", failure.function())
                .tag("code", failure.code().name())
                .register(registry)
                .increment();
    }

    /** @param device as people know it: index and UUID */
    void countAndSay(String device, NvmlException failure, String consequence) {
        count(failure);
        if (said.add(device + failure.getMessage())) {
            log.warn("{}: {}; {}", device, failure.getMessage(), consequence);
        }
    }
}
