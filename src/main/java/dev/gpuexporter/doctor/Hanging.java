package dev.gpuexporter.doctor;

import dev.gpuexporter.doctor.DriverCalls.UnderWay;

/** What is said of a call into the driver that does not return. */
final class Hanging {
    private Hanging() {}

    /** @param who whom the call is about; empty for the driver as a whole */
    static Finding in(String topic, String who, UnderWay call) {
        return Finding.fail(
                topic,
                who + (who.isEmpty() ? "" : " ") + "hangs in " + call,
                "the call sits in the kernel and cannot be interrupted: look for Xids in the kernel's log"
                        + " (dmesg | grep NVRM), drain the node and reboot it");
    }
}
