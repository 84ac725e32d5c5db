package dev.gpuexporter.attribution;

import java.util.SortedMap;

/**
 * A container that holds a device, or a share of it, as labels name it.
 *
 * @param details its pod's UID and the labels of its pod that are shown, as far as the API server has said
 */
public record Tenant(String namespace, String pod, String container, SortedMap<String, String> details) {}
