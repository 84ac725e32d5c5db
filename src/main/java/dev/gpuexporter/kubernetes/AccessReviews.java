package dev.gpuexporter.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server whose a token is, and whether they may get the non-resource URL /metrics: authentication.k8s.io/v1
 * TokenReview, then authorization.k8s.io/v1 SubjectAccessReview.
 */
public final class AccessReviews {
    private static final Logger log = LoggerFactory.getLogger(AccessReviews.class);

    private static final String WHO = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final String MAY_THEY = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    private final ApiServer server;
    private boolean said;

    /** What the API server says of a token. */
    public enum Answer {
        ALLOWED,
        /** It is nobody's, or was. */
        UNKNOWN,
        /** The cluster's rules do not let its owner. */
        FORBIDDEN,
        /** It does not say. */
        SILENT
    }

    public AccessReviews(ApiServer server) {
        this.server = server;
    }

    /** Takes as long as the API server. */
    public Answer ask(String token) {
        try {
            Answer answer = review(token);
            say("");
            return answer;
        } catch (RuntimeException | LinkageError e) {
            say(server.problems().values().stream()
                    .filter(problem -> !problem.isEmpty())
                    .findFirst()
                    .orElseGet(() ->
                            String.valueOf(e.getMessage()).lines().findFirst().orElse("no answer")));
            return Answer.SILENT;
        }
    }

    private Answer review(String token) {
        JsonNode who = status(WHO, "authentication.k8s.io/v1", "TokenReview", Map.of("token", token));
        if (!who.path("authenticated").asBoolean()) {
            return Answer.UNKNOWN;
        }
        JsonNode user = who.path("user");
        Map<String, Object> spec = new HashMap<>();
        spec.put("nonResourceAttributes", Map.of("path", "/metrics", "verb", "get"));
        spec.put("user", user.path("username").asText());
        for (String known : new String[] {"uid", "groups", "extra"}) {
            if (user.hasNonNull(known)) {
                spec.put(known, user.get(known));
            }
        }
        JsonNode may = status(MAY_THEY, "authorization.k8s.io/v1", "SubjectAccessReview", spec);
        return may.path("allowed").asBoolean() && !may.path("denied").asBoolean() ? Answer.ALLOWED : Answer.FORBIDDEN;
    }

    private JsonNode status(String path, String apiVersion, String kind, Map<String, Object> spec) {
        JsonNode status = server.post(path, Map.of("apiVersion", apiVersion, "kind", kind, "spec", spec))
                .path("status");
        if (status.isMissingNode()) {
            throw new IllegalStateException("a " + kind + " without a status");
        }
        return status;
    }

    /** Once for as long as it stays so. */
    private synchronized void say(String problem) {
        if (!problem.isEmpty() && !said) {
            log.warn("API server: does not say who may read ({}); whom it let in before stays in for minutes", problem);
        } else if (problem.isEmpty() && said) {
            log.info("API server: says who may read again");
        }
        said = !problem.isEmpty();
    }
}
