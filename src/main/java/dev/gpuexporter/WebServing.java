package dev.gpuexporter;

import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.WebConfig;
import dev.gpuexporter.config.WebConfigFile;
import dev.gpuexporter.http.Verdict;
import dev.gpuexporter.http.Web;
import dev.gpuexporter.kubernetes.AccessReviews;
import dev.gpuexporter.kubernetes.ApiServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the settings want HTTP served: the web configuration file, and the cluster that knows whose a token is. */
final class WebServing implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WebServing.class);

    private final Settings.Web settings;
    private final Optional<WebConfigFile> file;
    private final WebConfig config;
    private final Optional<ApiServer> reviewer;

    /** @throws dev.gpuexporter.config.BadInputException where the file cannot be meant */
    WebServing(Settings.Web settings) {
        this.settings = settings;
        file = settings.configFile().map(WebConfigFile::new);
        config = file.map(WebConfigFile::read).orElse(WebConfig.OPEN);
        reviewer = settings.kubernetesAuth() ? Optional.of(ApiServer.ofThisCluster(Duration.ZERO)) : Optional.empty();
    }

    boolean isEncrypted() {
        return config.tls().isPresent();
    }

    Web web(MeterRegistry registry) {
        boolean secrets = settings.kubernetesAuth() || !config.users().isEmpty();
        if (secrets && config.tls().isEmpty()) {
            log.warn("passwords and tokens come in plain text: there is no tls_server_config in web.config-file");
        }
        return new Web(
                config,
                file.map(its -> its::changed),
                // No lambda over the client: it would be loaded, which costs tens of megabytes, for those without it.
                reviewer.isPresent() ? Optional.of(reviews()) : Optional.empty(),
                settings.probeListen(),
                registry);
    }

    private Function<String, Verdict> reviews() {
        AccessReviews reviews = new AccessReviews(reviewer.orElseThrow());
        return token -> verdict(reviews.ask(token));
    }

    @Override
    public void close() {
        if (reviewer.isPresent()) {
            reviewer.get().close();
        }
    }

    private static Verdict verdict(AccessReviews.Answer answer) {
        return switch (answer) {
            case ALLOWED -> Verdict.ADMITTED;
            case UNKNOWN -> Verdict.WRONG;
            case FORBIDDEN -> Verdict.FORBIDDEN;
            case SILENT -> Verdict.UNAVAILABLE;
        };
    }
}
