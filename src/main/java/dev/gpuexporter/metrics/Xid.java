package dev.gpuexporter.metrics;

/**
 * One of the driver's numbered errors.
 *
 * @param name what happened, in a few words
 */
public record Xid(int number, String name, XidAction action) {}
