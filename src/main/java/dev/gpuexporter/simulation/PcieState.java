package dev.gpuexporter.simulation;

/**
 * The PCIe link at one step of the simulation; what it counts begins again with the driver.
 *
 * @param replays those of a link in good health
 * @param damaged packets that arrived damaged on one that is not
 */
record PcieState(
        long replays,
        long damaged,
        double transmitBytes,
        double receiveBytes,
        double transmitBytesPerSecond,
        double receiveBytesPerSecond) {
    static final PcieState NOTHING = new PcieState(0, 0, 0, 0, 0, 0);

    /** Packets sent again, those that were damaged on the way to the host included. */
    long allReplays() {
        return replays + damaged / 2;
    }
}
