package dev.gpuexporter.doctor;

import java.util.List;

/**
 * One question about the node.
 *
 * @param topic what it is about, for when it cannot be answered
 */
record Check(String topic, Question question) {
    /** May take its time, and may fail: neither keeps the other checks. */
    @FunctionalInterface
    interface Question {
        List<Finding> ask() throws Exception;
    }
}
