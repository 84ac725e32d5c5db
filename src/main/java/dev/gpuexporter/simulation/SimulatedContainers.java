package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario;
import java.util.List;
import java.util.Optional;

/** Which container a process of the simulated node runs in, as its cgroup and the kubelet's logs would tell. */
public final class SimulatedContainers {
    private final SimulatedNode node;

    public SimulatedContainers(SimulatedNode node) {
        this.node = node;
    }

    /** A container by its names. */
    public record Container(String namespace, String pod, String container) {}

    /** Empty for a process of no pod that runs now, such as a virtual machine's. */
    public Optional<Container> of(long pid) {
        List<Scenario.Pod> pods = node.scenario().pods();
        for (int i = 0; i < pods.size(); i++) {
            Scenario.Pod pod = pods.get(i);
            if (node.pid(i) == pid && pod.presence().contains(node.elapsedNanos())) {
                return Optional.of(new Container(pod.namespace(), pod.pod(), pod.container()));
            }
        }
        return Optional.empty();
    }
}
