package dev.gpuexporter.kubernetes;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * How many devices of one resource the node has to give and has given.
 *
 * @param allocatable the healthy devices of the plugin, given or not; empty where the kubelet does not say. A plugin that
 *     is gone has none.
 * @param allocated the devices that containers hold; more than allocatable ones when some that are held fell ill
 */
public record Stock(OptionalInt allocatable, int allocated) {
    public Stock {
        Objects.requireNonNull(allocatable, "allocatable");
    }
}
