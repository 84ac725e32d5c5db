package dev.gpuexporter.nvml;

/**
 * The versions of what is installed.
 *
 * @param driver the kernel module's, as {@code nvidia-smi} prints it, such as 580.159.03
 * @param nvml the library's, which has a number in front, such as 13.580.159.03
 * @param cuda the newest CUDA that this driver runs, such as 13.0; empty where the driver does not say
 */
public record DriverVersions(String driver, String nvml, String cuda) {
    /** The first number of the driver's version: its branch. */
    public int branch() {
        String branch = driver.split("\\.", 2)[0];
        return branch.matches("\\d{1,6}") ? Integer.parseInt(branch) : 0;
    }
}
