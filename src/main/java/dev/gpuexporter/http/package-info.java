/** The server on port 9400: metrics for Prometheus, probes for the kubelet, a page for people. */
package dev.gpuexporter.http;
