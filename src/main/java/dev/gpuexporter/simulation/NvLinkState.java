package dev.gpuexporter.simulation;

/**
 * One NVLink at one step of the simulation; what it counts begins again with the driver.
 *
 * @param damaged packets that arrived damaged: each kind of error that the driver tells is a part of them
 * @param recoveries how often it came back after it was down, or was trained anew after many damaged packets
 * @param failures how often it went down
 */
record NvLinkState(
        boolean up, double transmitBytes, double receiveBytes, long damaged, long recoveries, long failures) {}
