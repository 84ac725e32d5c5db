/** Polls the GPUs, each on a thread of its own, and publishes what they answered as one immutable snapshot. */
package dev.gpuexporter.collection;
