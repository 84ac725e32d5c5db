package dev.gpuexporter.doctor;

import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.kubernetes.ApiServer;
import dev.gpuexporter.kubernetes.ProcessSight;
import dev.gpuexporter.nvml.Nvml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes every check that there is of a node which the exporter has just read. */
public final class Doctor {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_WITH_API_SERVER = Duration.ofSeconds(5);

    private final Settings settings;
    private final Patient patient;

    /**
     * What is looked at.
     *
     * @param node as the exporter read it
     * @param calls into the driver, of that reading
     * @param nvml of the same driver, not open; empty where its library could not be loaded
     * @param kubelet empty where it was not asked
     * @param sight of processes; empty where nobody follows them
     * @param files of the machine; empty where it is simulated
     */
    public record Patient(
            NodeView node,
            DriverCalls calls,
            Optional<Nvml> nvml,
            Optional<KubeletAnswers> kubelet,
            Optional<ProcessSight> sight,
            Optional<HostFiles> files) {}

    public Doctor(Settings settings, Patient patient) {
        this.settings = settings;
        this.patient = patient;
    }

    /** Whatever hangs or fails becomes a finding. */
    public Report examine() throws InterruptedException {
        List<Check> checks = new ArrayList<>(ofTheDriver());
        checks.addAll(ofTheNode());
        return new Report(new Examination(DEADLINE, patient.calls()).findings(checks));
    }

    private List<Check> ofTheDriver() {
        NodeView node = patient.node();
        DriverCalls calls = patient.calls();
        int gpus = node.snapshot().devices().size();
        List<Check> checks = new ArrayList<>();
        checks.add(new Check(
                DriverCheck.TOPIC,
                () -> new DriverCheck(node.snapshot(), calls, patient.files().map(InstalledDriver::new)).findings()));
        patient.files()
                .ifPresent(files -> checks.add(new Check(
                        DeviceFilesCheck.TOPIC, () -> new DeviceFilesCheck(node.snapshot(), files).findings())));
        checks.add(new Check(GpusCheck.TOPIC, () -> new GpusCheck(node, calls).findings()));
        checks.add(new Check(RightsCheck.TOPIC, () -> new RightsCheck(calls, gpus).findings()));
        if (node.snapshot().hasData()) {
            ModesCheck modes = new ModesCheck(node.snapshot());
            checks.add(new Check(ModesCheck.PERSISTENCE, modes::persistence));
            checks.add(new Check(ModesCheck.MIG, () -> modes.mig(changing())));
            boolean profiling = settings.metricSwitches().contains(ProfilingCheck.TOPIC);
            checks.add(new Check(ProfilingCheck.TOPIC, () -> new ProfilingCheck(calls, profiling, gpus).findings()));
        }
        return checks;
    }

    private Set<Integer> changing() throws Exception {
        return patient.nvml().isPresent()
                ? PendingModes.ofMig(patient.nvml().get(), patient.node().snapshot())
                : Set.of();
    }

    private List<Check> ofTheNode() {
        NodeView node = patient.node();
        List<Check> checks = new ArrayList<>();
        checks.add(new Check(KubeletCheck.TOPIC, () -> new KubeletCheck(
                        settings.kubernetes(), patient.kubelet(), node.workloads(), patient.files())
                .findings()));
        checks.add(new Check(DevicesCheck.TOPIC, () -> new DevicesCheck(node).findings()));
        checks.add(new Check(ProcessesCheck.TOPIC, () -> new ProcessesCheck(patient.sight()).findings()));
        checks.add(
                new Check(StackCheck.TOPIC, () -> new StackCheck(node.cluster().stack()).findings()));
        Settings.ApiServer api = settings.kubernetes().apiServer();
        if (api.isAsked() && patient.files().isPresent()) {
            checks.add(new Check(ApiServerCheck.TOPIC, () -> new ApiServerCheck(
                            api, ApiServer.ofThisCluster(Duration.ZERO), PATIENCE_WITH_API_SERVER)
                    .findings()));
        }
        checks.add(new Check(PortCheck.TOPIC, () -> new PortCheck(settings).findings()));
        return checks;
    }
}
