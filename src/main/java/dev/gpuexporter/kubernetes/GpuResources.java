package dev.gpuexporter.kubernetes;

import java.util.Arrays;
import java.util.List;

/**
 * Which of the node's resources are GPUs.
 *
 * <p>Without patterns, those named {@code nvidia.com/…} and whatever has the id of an NVIDIA device, since the operator
 * and the plugins let people rename their resources. With patterns, the resources of device plugins that match one, and
 * no others. A DRA device counts when its driver is NVIDIA's, under both.
 *
 * @param patterns resource names, in which {@code *} stands for any text
 */
public record GpuResources(List<String> patterns) {
    private static final String NVIDIA = "nvidia.com/*";

    public GpuResources {
        patterns = List.copyOf(patterns);
    }

    /** Whatever is NVIDIA's by its name or by the form of its id. */
    public static GpuResources byForm() {
        return new GpuResources(List.of());
    }

    public boolean include(String resource, DeviceId device) {
        if (device instanceof DeviceId.Claimed) {
            return device.provesNvidia();
        }
        if (patterns.isEmpty()) {
            return device.provesNvidia() || matches(NVIDIA, resource);
        }
        return patterns.stream().anyMatch(pattern -> matches(pattern, resource));
    }

    /** Looks for the pieces between the stars one after the other: the earliest place is as good as any later one. */
    private static boolean matches(String pattern, String name) {
        String[] pieces = pattern.split("\\*", -1);
        if (pieces.length == 1) {
            return pattern.equals(name);
        }
        String first = pieces[0];
        String last = pieces[pieces.length - 1];
        if (name.length() < first.length() + last.length() || !name.startsWith(first) || !name.endsWith(last)) {
            return false;
        }
        String rest = name.substring(first.length(), name.length() - last.length());
        int from = 0;
        for (String piece : Arrays.asList(pieces).subList(1, pieces.length - 1)) {
            int at = rest.indexOf(piece, from);
            if (at < 0) {
                return false;
            }
            from = at + piece.length();
        }
        return true;
    }
}
