package dev.gpuexporter.simulation;

/**
 * A process on a GPU.
 *
 * @param utilization the part of the GPU's time that it has, 0–1
 */
record SimulatedProcess(int pid, long memoryBytes, double utilization) {}
