package dev.gpuexporter.attribution;

import dev.gpuexporter.kubernetes.Workload;

/**
 * A container and a device of its.
 *
 * @param device the UUID of the GPU or MIG device
 */
record Holding(String device, Workload workload) {}
