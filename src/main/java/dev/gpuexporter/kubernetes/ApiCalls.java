package dev.gpuexporter.kubernetes;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_GONE;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the latest call for each kind of object went; said once when it changes. A watch that breaks off is asked for again
 * within moments, so it is the answer to that which counts.
 */
final class ApiCalls implements Interceptor {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final String GOOD = "";

    private final Map<String, String> problems = new HashMap<>();

    /** Whether there have been calls, and the latest for every kind of object was answered. */
    synchronized boolean answered() {
        return !problems.isEmpty() && problems.values().stream().allMatch(GOOD::equals);
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        // Gone is how the server says that a watch must begin anew.
        boolean good = response.isSuccessful() || response.code() == HTTP_GONE;
        record(request.uri(), good ? GOOD : "HTTP status " + response.code() + remedy(response.code()));
    }

    private static String remedy(int code) {
        return switch (code) {
            case HTTP_UNAUTHORIZED -> ": the pod needs its service account's token";
            case HTTP_FORBIDDEN -> ": the service account must be allowed to list and watch them";
            case HTTP_NOT_FOUND -> ": it does not serve this version of them";
            default -> "";
        };
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getMessage() == null) {
            cause = cause.getCause();
        }
        String reason =
                Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
        record(request.uri(), "no answer (" + reason.lines().findFirst().orElse("") + ")");
    }

    private synchronized void record(URI uri, String problem) {
        String path = uri.getPath();
        String objects = path.substring(path.lastIndexOf('/') + 1);
        String before = problems.put(objects, problem);
        if (problem.equals(GOOD)) {
            if (!GOOD.equals(before)) {
                LOG.info("API server: {} are {}", objects, before == null ? "watched" : "watched again");
            }
        } else if (!problem.equals(before)) {
            LOG.warn(
                    "API server: {} from {}: {}; what was last known stands, trying again",
                    objects,
                    uri.getAuthority(),
                    problem);
        }
    }
}
