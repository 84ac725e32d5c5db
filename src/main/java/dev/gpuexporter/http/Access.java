package dev.gpuexporter.http;

import dev.gpuexporter.config.WebConfig;
import dev.gpuexporter.metrics.ExporterMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Lets in who may read, and tells the others why not. The event loop waits for nobody. */
final class Access implements AutoCloseable {
    private static final String BASIC = "Basic ";
    private static final String BEARER = "Bearer ";
    private static final String REALM = "realm=\"gpu-exporter\"";

    private final MeterRegistry registry;
    private final Passwords passwords = new Passwords(System::nanoTime);
    private final Optional<Tokens> tokens;
    private volatile WebConfig config;

    /** @param cluster asked about tokens; empty where those do not count */
    Access(WebConfig config, Optional<Function<String, Verdict>> cluster, MeterRegistry registry) {
        this.registry = registry;
        this.tokens = cluster.map(asked -> new Tokens(asked, System::nanoTime));
        configure(config);
    }

    /** From the next request on, this counts. */
    void configure(WebConfig now) {
        config = now;
        if (isGuarded(now)) {
            for (Verdict verdict : Verdict.values()) {
                if (verdict != Verdict.ADMITTED) {
                    failures(verdict); // from 0 on, so that increase() sees the first one too
                }
            }
        }
    }

    private boolean isGuarded(WebConfig now) {
        return tokens.isPresent() || !now.users().isEmpty();
    }

    private Counter failures(Verdict verdict) {
        return Counter.builder(ExporterMetrics.AUTHENTICATION_FAILURES.name())
                .description(ExporterMetrics.AUTHENTICATION_FAILURES.help())
                .tag("reason", verdict.reason())
                .register(registry);
    }

    /** A route for every answer. */
    void addHeaders(RoutingContext context) {
        config.headers().forEach(context.response()::putHeader);
        context.next();
    }

    /** A route before those that not everybody may take. */
    void admit(RoutingContext context) {
        WebConfig now = config;
        if (!isGuarded(now)) {
            context.next();
            return;
        }
        String credentials = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        Future.fromCompletionStage(
                        verdict(now, credentials == null ? "" : credentials),
                        context.vertx().getOrCreateContext())
                .onSuccess(verdict -> {
                    if (verdict == Verdict.ADMITTED) {
                        context.next();
                    } else {
                        refuse(context, now, verdict);
                    }
                })
                .onFailure(context::fail);
    }

    private CompletableFuture<Verdict> verdict(WebConfig now, String credentials) {
        if (tokens.isPresent() && isOf(BEARER, credentials)) {
            return tokens.get().check(credentials.substring(BEARER.length()).strip());
        }
        if (!now.users().isEmpty() && isOf(BASIC, credentials)) {
            return basic(now, credentials.substring(BASIC.length()).strip());
        }
        return CompletableFuture.completedFuture(Verdict.MISSING);
    }

    private static boolean isOf(String scheme, String credentials) {
        return credentials.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private CompletableFuture<Verdict> basic(WebConfig now, String encoded) {
        try {
            String both = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            if (colon >= 0) {
                return passwords.check(now.users(), both.substring(0, colon), both.substring(colon + 1));
            }
        } catch (IllegalArgumentException noBase64) {
            // as wrong as any other
        }
        return CompletableFuture.completedFuture(Verdict.WRONG);
    }

    private void refuse(RoutingContext context, WebConfig now, Verdict verdict) {
        failures(verdict).increment();
        HttpServerResponse response = context.response();
        if (response.closed() || response.ended()) {
            return;
        }
        if (verdict.status() == 401) {
            List<String> schemes = new ArrayList<>();
            if (!now.users().isEmpty()) {
                schemes.add(BASIC + REALM);
            }
            if (tokens.isPresent()) {
                schemes.add(BEARER + REALM);
            }
            response.putHeader("WWW-Authenticate", schemes);
        } else if (verdict.status() == 503) {
            response.putHeader("Retry-After", "1");
        }
        response.setStatusCode(verdict.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .end(verdict.text() + "\n");
    }

    @Override
    public void close() {
        passwords.close();
        tokens.ifPresent(Tokens::close);
    }
}
