package dev.gpuexporter.nvml;

/**
 * What a MIG device is. It is one compute instance of a GPU instance; most GPU instances have but one.
 *
 * @param index NVML's on the parent, as of the poll that found it
 * @param uuid {@code MIG-} and a UUID; before driver 470 {@code MIG-GPU-<uuid>/<gi>/<ci>}
 * @param profile such as {@code 1g.10gb}, or {@code 1c.3g.40gb} for a part of a GPU instance; from NVML's name
 */
public record MigIdentity(int index, String uuid, String profile, int gpuInstance, int computeInstance) {
    private static final String BEFORE_PROFILE = " MIG ";

    MigIdentity at(int otherIndex) {
        return new MigIdentity(otherIndex, uuid, profile, gpuInstance, computeInstance);
    }

    /** From {@code NVIDIA H100 80GB HBM3 MIG 1g.10gb}; a name of another form is its own profile. */
    static String profile(String name) {
        int before = name.lastIndexOf(BEFORE_PROFILE);
        return before < 0 ? name : name.substring(before + BEFORE_PROFILE.length());
    }

    @Override
    public String toString() {
        return "MIG " + profile + " (" + uuid + ")";
    }
}
