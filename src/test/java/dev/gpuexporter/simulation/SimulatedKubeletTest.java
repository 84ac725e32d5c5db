package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.simulation.SimulatedKubelet.HeldDevice;
import dev.gpuexporter.simulation.SimulatedKubelet.OfferedDevice;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimulatedKubeletTest {
    @Test
    void saysWhoHoldsWhat() {
        Caller caller = Caller.ofFile("mixed-node");
        SimulatedKubelet kubelet = new SimulatedKubelet(caller.node);
        assertThat(kubelet.heldDevices())
                .containsExactly(
                        new HeldDevice("research", "train-0", "main", "nvidia.com/gpu", uuid(caller, 0)),
                        new HeldDevice("research", "notebook-7", "jupyter", "nvidia.com/gpu", uuid(caller, 1)),
                        new HeldDevice("research", "train-2", "main", "nvidia.com/gpu", uuid(caller, 2)),
                        new HeldDevice("prod", "llm-a", "server", "nvidia.com/gpu.shared", uuid(caller, 3) + "::0"),
                        new HeldDevice("dev", "test", "main", "nvidia.com/gpu.shared", uuid(caller, 3) + "::2"),
                        new HeldDevice("dev", "elsewhere", "main", "example.com/gpu", "nvidia0"),
                        new HeldDevice("dev", "elsewhere", "main", "example.com/gpu", "7"));
    }

    @Test
    void podsComeAndGo() {
        Caller caller = Caller.ofFile("mixed-node");
        SimulatedKubelet kubelet = new SimulatedKubelet(caller.node);
        caller.pass(Duration.ofMinutes(10));
        assertThat(kubelet.heldDevices()).extracting(HeldDevice::pod).doesNotContain("train-0", "train-1");
        caller.pass(Duration.ofMinutes(1));
        assertThat(kubelet.heldDevices()).extracting(HeldDevice::pod).contains("train-1");
    }

    @Test
    void offersEveryGpuOrItsReplicas() {
        Caller caller = Caller.ofFile("mixed-node");
        assertThat(new SimulatedKubelet(caller.node).offeredDevices())
                .containsExactly(
                        new OfferedDevice("nvidia.com/gpu", uuid(caller, 0)),
                        new OfferedDevice("nvidia.com/gpu", uuid(caller, 1)),
                        new OfferedDevice("nvidia.com/gpu", uuid(caller, 2)),
                        new OfferedDevice("nvidia.com/gpu.shared", uuid(caller, 3) + "::0"),
                        new OfferedDevice("nvidia.com/gpu.shared", uuid(caller, 3) + "::1"),
                        new OfferedDevice("nvidia.com/gpu.shared", uuid(caller, 3) + "::2"),
                        new OfferedDevice("nvidia.com/gpu.shared", uuid(caller, 3) + "::3"),
                        new OfferedDevice("example.com/gpu", "nvidia0"),
                        new OfferedDevice("example.com/gpu", "7"));
    }

    @Test
    void offersNoLostGpu() {
        Caller caller = Caller.ofFile("lost-gpu");
        String lost = uuid(caller, 1);
        caller.pass(Duration.ofSeconds(30));
        SimulatedKubelet kubelet = new SimulatedKubelet(caller.node);
        assertThat(kubelet.offeredDevices()).extracting(OfferedDevice::deviceId).doesNotContain(lost);
        assertThat(kubelet.heldDevices()).extracting(HeldDevice::deviceId).contains(lost);
    }

    private static String uuid(Caller caller, int gpu) {
        return caller.text(gpu, caller.nvml::nvmlDeviceGetUUID);
    }
}
