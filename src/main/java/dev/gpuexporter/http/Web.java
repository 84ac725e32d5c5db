package dev.gpuexporter.http;

import dev.gpuexporter.config.ListenAddress;
import dev.gpuexporter.config.WebConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How it is served, and to whom.
 *
 * @param config as it is at the start
 * @param changed asked every few seconds: another one, where the files say so; a
 *     {@link dev.gpuexporter.config.BadInputException} where they cannot be meant. Empty where there are no files
 * @param cluster says of a token whether its owner may read, which may take seconds; empty where tokens do not count
 * @param probes where the probes are answered as well, without TLS
 * @param registry for what is counted of all that
 */
public record Web(
        WebConfig config,
        Optional<Supplier<Optional<WebConfig>>> changed,
        Optional<Function<String, Verdict>> cluster,
        Optional<ListenAddress> probes,
        MeterRegistry registry) {}
