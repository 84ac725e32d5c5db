package dev.gpuexporter.doctor;

import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.config.Settings.Kubernetes;
import dev.gpuexporter.kubernetes.KubeletException;
import dev.gpuexporter.kubernetes.KubeletSocket;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether the kubelet says who holds which device. */
final class KubeletCheck {
    static final String TOPIC = "kubelet";

    private static final Map<String, String> DISTRIBUTIONS =
            Map.of("/var/snap/microk8s/common/var/lib/kubelet", "MicroK8s", "/var/lib/k0s/kubelet", "k0s");

    private static final String WITHOUT_KUBERNETES = "; where there is no Kubernetes, set kubernetes.attribution = off";

    private final Kubernetes settings;
    private final Optional<KubeletAnswers> kubelet;
    private final WorkloadIndex workloads;
    private final Optional<HostFiles> files;

    /**
     * @param kubelet empty where it is not asked
     * @param files empty where the kubelet is simulated
     */
    KubeletCheck(
            Kubernetes settings, Optional<KubeletAnswers> kubelet, WorkloadIndex workloads, Optional<HostFiles> files) {
        this.settings = settings;
        this.kubelet = kubelet;
        this.workloads = workloads;
        this.files = files;
    }

    List<Finding> findings() {
        if (settings.attribution() == AttributionMode.OFF || kubelet.isEmpty()) {
            return List.of(Finding.ok(TOPIC, "not asked (kubernetes.attribution = off)"));
        }
        Optional<KubeletException> failure = kubelet.get().failure();
        if (failure.isPresent()) {
            return List.of(fails(failure.get()));
        }
        int held = workloads.allocations().size();
        String where = files.isEmpty()
                ? "simulated"
                : socket().find().map(path -> path + " answers").orElse("answers");
        return List.of(Finding.ok(TOPIC, where + "; GPU devices in the hands of containers: " + held));
    }

    private KubeletSocket socket() {
        return KubeletSocket.under(
                settings.kubeletRoot().map(List::of).orElseGet(() -> files.map(HostFiles::kubeletRoots)
                        .orElse(KubeletSocket.KUBELET_ROOTS)));
    }

    private Finding fails(KubeletException failure) {
        if (files.isPresent() && socket().find().isEmpty()) {
            return missing(files.get());
        }
        String message = failure.getMessage();
        if (message.contains("Permission denied")) {
            return Finding.fail(TOPIC, message, "connecting takes user 0: set runAsUser: 0");
        }
        if (failure.kubeletIsUp()) {
            return Finding.warn(
                    TOPIC,
                    message,
                    "somebody on the node asks the kubelet too often; the exporter asks three times every"
                            + " kubernetes.refresh-interval at most");
        }
        return Finding.fail(
                TOPIC,
                message,
                "see whether the kubelet runs (systemctl status kubelet): its socket outlives it" + WITHOUT_KUBERNETES);
    }

    private Finding missing(HostFiles host) {
        Optional<Path> elsewhere = host.kubeletRoots().stream()
                .filter(root -> KubeletSocket.under(List.of(root)).find().isPresent())
                .findFirst();
        List<Path> looked = socket().candidates();
        String text = looked.size() == 1
                ? looked.get(0) + " does not exist"
                : "there is none of " + looked.stream().map(Path::toString).collect(Collectors.joining(", "));
        return Finding.fail(
                TOPIC,
                text,
                elsewhere
                        .map(host::name)
                        .map(root -> DISTRIBUTIONS.getOrDefault(root, "this node") + " keeps it under " + root
                                + ": mount that directory and set kubernetes.kubelet-root, or leave it empty")
                        .orElse("mount the directory pod-resources below the kubelet's root, at the same path"
                                + WITHOUT_KUBERNETES));
    }
}
