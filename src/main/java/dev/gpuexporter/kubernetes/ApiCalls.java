package dev.gpuexporter.kubernetes;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_GONE;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_OK;
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
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * How the latest call for each kind of object went; said once when it changes. A watch that breaks off is asked for again
 * within moments, so it is the answer to that which counts.
 */
final class ApiCalls implements Interceptor {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    /** In place of a status where there was no answer. */
    private static final int SILENCE = 0;

    private final Map<String, Integer> latest = new HashMap<>();
    private final SortedMap<String, String> problems = new TreeMap<>();

    /** Whether there have been calls, and the latest for every kind of object was answered as it should be. */
    synchronized boolean answered() {
        return !latest.isEmpty() && latest.values().stream().allMatch(status -> status == HTTP_OK);
    }

    /** What was wrong with the latest answer, by kind of object; an empty text where nothing was. */
    synchronized SortedMap<String, String> problems() {
        return new TreeMap<>(problems);
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        int status = response.code();
        if (response.isSuccessful() || status == HTTP_GONE) {
            // Gone is how the server says that a watch must begin anew.
            record(request, HTTP_OK, "");
        } else {
            record(request, status, "HTTP status " + status + meaning(status, isWatch(request)));
        }
    }

    /** Else it is a question, and who asks says what became of it. */
    private static boolean isWatch(HttpRequest request) {
        return request.method().equals("GET");
    }

    private static String meaning(int status, boolean watch) {
        return switch (status) {
            case HTTP_UNAUTHORIZED -> ": the pod needs its service account's token";
            case HTTP_FORBIDDEN ->
                watch
                        ? ": the service account must be allowed to list and watch them"
                        : ": the service account must be bound to system:auth-delegator";
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
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        record(request, SILENCE, "no answer (" + reason.lines().findFirst().orElse("") + ")");
    }

    private synchronized void record(HttpRequest request, int status, String problem) {
        URI uri = request.uri();
        String path = uri.getPath();
        String objects = path.substring(path.lastIndexOf('/') + 1);
        Integer before = latest.put(objects, status);
        problems.put(objects, problem);
        if (before != null && before == status || !isWatch(request)) {
            return;
        }
        if (status == HTTP_OK) {
            LOG.info("API server: {} are {}", objects, before == null ? "watched" : "watched again");
        } else {
            // Not found is the fate of those who try one version of the API after the other.
            LOG.atLevel(status == HTTP_NOT_FOUND ? Level.INFO : Level.WARN)
                    .log(
                            "API server: {} from {}: {}; what was last known stands, trying again",
                            objects,
                            uri.getAuthority(),
                            problem);
        }
    }
}
