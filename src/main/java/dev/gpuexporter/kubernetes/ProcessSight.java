package dev.gpuexporter.kubernetes;

/** Whether processes can be followed to their pods, and if not, what is missing. */
public enum ProcessSight {
    /** All that is needed is there. */
    CLEAR("processes are visible, and their pods are known by name"),
    /** The PIDs here are not the host's, which the driver counts by. */
    NO_HOST_PIDS("the exporter does not share the host's PID namespace; set hostPID: true on its pod"),
    /** Processes are visible, but their containers' names are not. */
    NO_POD_LOGS("neither directory of the kubelet's logs is there; mount /var/log/containers and /var/log/pods,"
            + " read-only");

    private final String words;

    ProcessSight(String words) {
        this.words = words;
    }

    /** What is so and what would mend it, in one line. */
    public String inWords() {
        return words;
    }
}
