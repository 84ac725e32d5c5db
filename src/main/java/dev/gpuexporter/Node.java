package dev.gpuexporter;

import dev.gpuexporter.collection.NvmlSource;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.doctor.DriverCalls;
import dev.gpuexporter.doctor.KubeletAnswers;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.ApiObjects;
import dev.gpuexporter.kubernetes.ApiServer;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.KubeletException;
import dev.gpuexporter.kubernetes.KubeletSocket;
import dev.gpuexporter.kubernetes.PodResourcesAnswer;
import dev.gpuexporter.kubernetes.PodResourcesClient;
import dev.gpuexporter.kubernetes.PodResourcesSource;
import dev.gpuexporter.kubernetes.ProcessOrigin;
import dev.gpuexporter.kubernetes.ProcessOwner;
import dev.gpuexporter.kubernetes.ProcessSource;
import dev.gpuexporter.kubernetes.StackComponents;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.nvml.NvmlLoader;
import dev.gpuexporter.simulation.SimulatedContainers;
import dev.gpuexporter.simulation.SimulatedKubelet;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.simulation.SimulatedNvml;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where readings and owners come from.
 *
 * @param kubelet empty where it is not asked
 * @param processes where they come from; empty where nobody asks
 * @param api empty where the API server is not asked
 * @param stack what an operator has found in order
 * @param host the machine under the driver
 */
record Node(
        NvmlSource driver,
        Optional<PodResourcesSource> kubelet,
        Optional<ProcessSource> processes,
        Optional<ApiObjects> api,
        StackComponents stack,
        Host host,
        boolean simulated) {
    private static final Duration KUBELET_DEADLINE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LOOKS_AT_LOGS = Duration.ofSeconds(10);

    /** A rollout starts us on all nodes within moments. */
    private static final Duration API_SPREAD = Duration.ofSeconds(10);

    /** The machine this process runs on. */
    static Node real(Settings settings) {
        Settings.Kubernetes kubernetes = settings.kubernetes();
        KubeletSocket socket =
                KubeletSocket.under(kubernetes.kubeletRoot().map(List::of).orElse(KubeletSocket.KUBELET_ROOTS));
        boolean attributed = kubernetes.attribution() != AttributionMode.OFF;
        Optional<ApiObjects> api = kubernetes.apiServer().isAsked()
                ? Optional.of(new ApiObjects(ApiServer.ofThisCluster(API_SPREAD), kubernetes.apiServer()))
                : Optional.empty();
        return new Node(
                new NvmlLoader(settings.nvmlLibrary())::load,
                attributed ? Optional.of(new PodResourcesClient(socket, KUBELET_DEADLINE)) : Optional.empty(),
                attributed
                        ? Optional.of(new ProcessOwner(
                                Path.of("/proc"),
                                Path.of("/var/log/pods"),
                                Path.of("/var/log/containers"),
                                BETWEEN_LOOKS_AT_LOGS,
                                api.filter(asked -> kubernetes.apiServer().podMetadata())
                                        .map(asked -> asked::pods),
                                InstantSource.system()))
                        : Optional.empty(),
                api,
                new StackComponents(StackComponents.DIRECTORY),
                Host.of(Path.of("/sys"), Path.of("/proc")),
                false);
    }

    /** A machine that exists in memory alone; no cluster has it. */
    static Node simulated(Scenario scenario, Settings settings) {
        return simulated(new SimulatedNode(scenario), settings);
    }

    static Node simulated(SimulatedNode node, Settings settings) {
        SimulatedNvml nvml = new SimulatedNvml(node);
        SimulatedKubelet kubelet = new SimulatedKubelet(node);
        SimulatedContainers containers = new SimulatedContainers(node);
        boolean attributed = settings.kubernetes().attribution() != AttributionMode.OFF;
        return new Node(
                () -> nvml,
                attributed ? Optional.of(() -> answer(kubelet)) : Optional.empty(),
                attributed ? Optional.of((pid, seenAt) -> origin(containers, pid)) : Optional.empty(),
                Optional.empty(),
                new StackComponents(Path.of("/nonexistent")),
                new Host(Path.of("/nonexistent"), true),
                true);
    }

    /** The same, but somebody listens to what is asked of the driver and the kubelet. */
    Node heardBy(DriverCalls calls, KubeletAnswers answers) {
        return new Node(
                () -> calls.through(driver.load()),
                kubelet.map(answers::through),
                processes,
                api,
                stack,
                host,
                simulated);
    }

    private static ProcessOrigin origin(SimulatedContainers containers, long pid) {
        return containers
                .of(pid)
                .map(found -> ProcessOrigin.in(new Workload(found.namespace(), found.pod(), found.container())))
                .orElse(ProcessOrigin.OUTSIDE);
    }

    private static PodResourcesAnswer answer(SimulatedKubelet kubelet) throws KubeletException {
        if (!kubelet.answers()) {
            throw new KubeletException("UNAVAILABLE", "the simulated kubelet does not answer");
        }
        List<Allocation> held = kubelet.heldDevices().stream()
                .map(device -> new Allocation(
                        new Workload(device.namespace(), device.pod(), device.container()),
                        device.resource(),
                        device(device.resource(), device.deviceId())))
                .toList();
        Map<String, Set<DeviceId>> offered = kubelet.offeredDevices().stream()
                .collect(Collectors.groupingBy(
                        SimulatedKubelet.OfferedDevice::resource,
                        Collectors.mapping(device -> DeviceId.parse(device.deviceId()), Collectors.toSet())));
        return PodResourcesAnswer.of(held, offered);
    }

    /** A resource that is called as NVIDIA's DRA driver is no plugin's: its ids are driver, pool and device of a claim. */
    private static DeviceId device(String resource, String id) {
        String[] claim = id.split("/", 3);
        return resource.equals(DeviceId.Claimed.GPU_DRIVER) && claim.length == 3
                ? new DeviceId.Claimed(claim[0], claim[1], claim[2], Optional.empty())
                : DeviceId.parse(id);
    }
}
