package dev.gpuexporter.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's API server, for those who watch some of its objects. Its client costs tens of megabytes: make one only if
 * something is to be watched.
 */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    private final Supplier<Config> config;
    private final Duration spread;
    private final ApiCalls calls = new ApiCalls();

    private KubernetesClient client;
    private boolean closed;

    private ApiServer(Supplier<Config> config, Duration spread) {
        this.config = config;
        this.spread = spread;
    }

    /**
     * The server of the cluster that this runs in; does nothing yet.
     *
     * @param spread the first call comes at some moment within it, since a rollout starts us on all nodes at once
     */
    public static ApiServer ofThisCluster(Duration spread) {
        return new ApiServer(() -> Config.autoConfigure(null), spread);
    }

    /** A server that asks for no credentials, and is asked again after so long. */
    static ApiServer at(String url, Duration again) {
        return new ApiServer(
                () -> new ConfigBuilder()
                        .withAutoConfigure(false)
                        .withMasterUrl(url)
                        .withWatchReconnectInterval((int) again.toMillis())
                        .build(),
                Duration.ZERO);
    }

    /** Whether the latest call was answered as it should be; false before the first. */
    public boolean isUp() {
        return calls.answered();
    }

    /** What was wrong with the latest answer, by kind of object; an empty text where nothing was. */
    public SortedMap<String, String> problems() {
        return calls.problems();
    }

    /** Runs what takes a while, loading of classes among it, on another thread and at a moment of its own. */
    void soon(Runnable task) {
        after(
                spread.isZero()
                        ? Duration.ZERO
                        : Duration.ofMillis(ThreadLocalRandom.current().nextLong(spread.toMillis())),
                task);
    }

    void after(Duration delay, Runnable task) {
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    try {
                        task.run();
                    } catch (RuntimeException | LinkageError unusable) {
                        LOG.warn("API server: cannot be asked ({}); its data is missing", unusable.toString());
                    }
                });
    }

    /**
     * An informer over those objects that have these fields; not started yet.
     *
     * @throws IllegalStateException after {@link #close}
     */
    synchronized <T extends WatchedObject> SharedIndexInformer<T> informer(
            Class<T> type, Map<String, String> fields, KeptObjects<T, ?> kept) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (client == null) {
            client = client();
        }
        client.getKubernetesSerialization().registerKubernetesResource(type);
        // No limit: then the server answers the first list out of its cache.
        return client.resources(type)
                .inAnyNamespace()
                .withFields(fields)
                .runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(kept);
    }

    /**
     * What it answers to this, within the client's ten seconds.
     *
     * @throws RuntimeException where it does not, or refuses
     */
    JsonNode post(String path, Map<String, ?> body) {
        KubernetesClient asked;
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            if (client == null) {
                client = client();
            }
            asked = client;
        }
        try {
            String answer = asked.raw(path, "POST", body);
            if (answer == null) {
                throw new IllegalStateException("no such path: " + path);
            }
            return new ObjectMapper().readTree(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what answers is no API server", e);
        }
    }

    private KubernetesClient client() {
        // Our own models only: otherwise the first event would load those of everything there is in Kubernetes. How a
        // watch fails is told in a Status.
        ObjectMapper mapper = new ObjectMapper().addMixIn(ObjectMeta.class, WatchedObject.MetadataInUse.class);
        KubernetesSerialization serialization = new KubernetesSerialization(mapper, false);
        serialization.registerKubernetesResource(Status.class);
        Config settings = new ConfigBuilder(config.get())
                // A web socket has no use here; what is in the way to the server may not know it.
                .withOnlyHttpWatches(true)
                // An informer tries again by itself, and for ever. With none, nobody hears of a broken connection.
                .withRequestRetryBackoffLimit(1)
                .withUserAgent("gpu-exporter")
                .build();
        return new KubernetesClientBuilder()
                .withConfig(settings)
                .withKubernetesSerialization(serialization)
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("calls", calls))
                .build();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
        }
    }
}
