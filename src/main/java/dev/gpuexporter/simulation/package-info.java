/** A node without GPUs that answers as one with them: the driver's C interface, and what the kubelet would say. */
package dev.gpuexporter.simulation;
