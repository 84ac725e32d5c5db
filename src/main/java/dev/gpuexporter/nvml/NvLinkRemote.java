package dev.gpuexporter.nvml;

/**
 * The other end of an NVLink; what the driver does not say is empty.
 *
 * @param type gpu, switch, npu or unknown
 * @param pciBusId such as 00000000:8D:00.0
 */
public record NvLinkRemote(String type, String pciBusId) {}
