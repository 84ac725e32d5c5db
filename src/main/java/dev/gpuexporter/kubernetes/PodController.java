package dev.gpuexporter.kubernetes;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pod was made for, in the words of who made it: a Deployment rather than its ReplicaSet, a CronJob rather than
 * its Job. Read from names, since asking for the owners of owners would take more rights.
 */
public record PodController(String kind, String name) {
    /**
     * The CronJob controller appends the minutes since 1970, before Kubernetes 1.21 the seconds. Fewer digits are
     * somebody's own numbering of plain Jobs.
     */
    private static final Pattern SCHEDULED = Pattern.compile("(.+)-[0-9]{8,10}");

    public PodController {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
    }

    /**
     * From the pod's controlling owner to the controller that people know.
     *
     * @param podTemplateHash the pod's label, which a Deployment appends to the names of its ReplicaSets
     */
    static PodController of(String ownerKind, String ownerName, Optional<String> podTemplateHash) {
        if (ownerKind.equals("ReplicaSet")) {
            return podTemplateHash
                    .map(hash -> "-" + hash)
                    .filter(end -> ownerName.endsWith(end) && ownerName.length() > end.length())
                    .map(end -> ownerName.substring(0, ownerName.length() - end.length()))
                    .map(deployment -> new PodController("Deployment", deployment))
                    .orElseGet(() -> new PodController(ownerKind, ownerName));
        }
        Matcher scheduled = SCHEDULED.matcher(ownerName);
        return ownerKind.equals("Job") && scheduled.matches()
                ? new PodController("CronJob", scheduled.group(1))
                : new PodController(ownerKind, ownerName);
    }
}
