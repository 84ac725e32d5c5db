/** Which pod holds which device: the kubelet's answers become one immutable map from devices to workloads. */
package dev.gpuexporter.kubernetes;
