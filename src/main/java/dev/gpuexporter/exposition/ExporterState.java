package dev.gpuexporter.exposition;

import java.util.Optional;

/**
 * What the exporter knows of itself at the moment.
 *
 * @param kubeletUp empty where the kubelet is not asked
 * @param kubernetesApiUp empty where the API server is not asked
 */
public record ExporterState(boolean simulated, Optional<Boolean> kubeletUp, Optional<Boolean> kubernetesApiUp) {}
