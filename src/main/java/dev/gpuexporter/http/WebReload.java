package dev.gpuexporter.http;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.WebConfig;
import dev.gpuexporter.metrics.ExporterMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up what changes in the web configuration and its certificates; what cannot be meant leaves all as it is. */
final class WebReload implements AutoCloseable {
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

    private static final Logger log = LoggerFactory.getLogger(WebReload.class);

    private final Supplier<Optional<WebConfig>> files;
    private final Function<WebConfig, Future<?>> take;
    private final Counter taken;
    private final Counter refused;
    private final ScheduledExecutorService thread;

    private volatile WebConfig current;
    private String problem = "";
    private boolean said;

    /** @param take serves by it from now on, or fails and goes on as before */
    WebReload(
            WebConfig current,
            Supplier<Optional<WebConfig>> files,
            Function<WebConfig, Future<?>> take,
            MeterRegistry registry) {
        this.files = files;
        this.take = take;
        this.current = current;
        this.taken = counter(registry, "taken");
        this.refused = counter(registry, "refused");
        current.tls().ifPresent(tls -> Gauge.builder(ExporterMetrics.CERTIFICATE_EXPIRY.name(), this::expiry)
                .description(ExporterMetrics.CERTIFICATE_EXPIRY.help())
                .register(registry));
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread one = new Thread(task, "web-config");
            one.setDaemon(true);
            return one;
        });
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder(ExporterMetrics.WEB_CONFIG_RELOADS.name())
                .description(ExporterMetrics.WEB_CONFIG_RELOADS.help())
                .tag("outcome", outcome)
                .register(registry);
    }

    private double expiry() {
        return current.tls()
                .map(tls -> tls.chain().get(0).getNotAfter().getTime() / 1000.0)
                .orElse(Double.NaN);
    }

    void start() {
        long millis = BETWEEN_LOOKS.toMillis();
        thread.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** What fails here would end the looks. */
    void look() {
        try {
            Optional<WebConfig> changed = files.get();
            if (said) {
                log.info("web configuration: in order again");
            }
            problem = "";
            said = false;
            changed.ifPresent(this::takeUp);
        } catch (BadInputException e) {
            notMeant(e.getMessage());
        } catch (RuntimeException e) {
            notMeant(e.toString());
        }
    }

    /** At the second look alone: a certificate and its key may be replaced one after the other. */
    private void notMeant(String what) {
        if (!what.equals(problem)) {
            problem = what;
            said = false;
        } else if (!said) {
            said = true;
            refuse(what);
        }
    }

    private void refuse(String what) {
        refused.increment();
        log.warn("web configuration: {}; what was read before goes on to count", what);
    }

    private void takeUp(WebConfig next) {
        if (next.tls().isPresent() != current.tls().isPresent() || next.http2() != current.http2()) {
            refuse("whether there is TLS or HTTP/2 is decided at the start; restart to have it otherwise");
            return;
        }
        take.apply(next)
                .onSuccess(done -> {
                    current = next;
                    taken.increment();
                    log.info("web configuration: taken up anew");
                })
                .onFailure(failure -> refuse(String.valueOf(failure.getMessage())));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
