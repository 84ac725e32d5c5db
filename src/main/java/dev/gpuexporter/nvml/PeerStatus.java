package dev.gpuexporter.nvml;

/**
 * How one GPU stands to another of its node.
 *
 * @param nvLink one of {@code NVML_P2P_STATUS_…}: whether it reaches the peer over NVLink, or why it does not
 */
public record PeerStatus(DeviceIdentity gpu, DeviceIdentity peer, long nvLink) {}
