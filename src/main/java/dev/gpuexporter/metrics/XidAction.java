package dev.gpuexporter.metrics;

import java.util.stream.Stream;

/** What somebody should do about an Xid. */
public enum XidAction {
    IGNORE("ignore", false),
    RESTART_APPLICATION("restart the application", false),
    FOLLOW_ANOTHER("follow the Xid beside it", false),
    SEE_RECOVERY_ACTION("see the recovery action", false),
    LOOK_UP("look it up in NVIDIA's catalogue", false),
    CHECK_NVLINK("check NVLink and reset the GPU", true),
    CHECK_POWER_CABLE("check the power cable", true),
    RESET_GPU("reset the GPU", true),
    REBOOT_NODE("reboot the node", true);

    private final String words;
    private final boolean aboutTheGpu;

    XidAction(String words, boolean aboutTheGpu) {
        this.words = words;
        this.aboutTheGpu = aboutTheGpu;
    }

    /** As a person says it. */
    public String words() {
        return words;
    }

    /** Whether the GPU has to be mended, not what ran on it. */
    public boolean isAboutTheGpu() {
        return aboutTheGpu;
    }

    static XidAction of(String words) {
        return Stream.of(values())
                .filter(action -> action.words.equals(words))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + words + "\" is no action"));
    }
}
