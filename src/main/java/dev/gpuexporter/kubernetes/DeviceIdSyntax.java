package dev.gpuexporter.kubernetes;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The forms of device ids. Numbers are canonical and short, so that an id read and written again is the same text and no
 * number overflows; nothing here recurses or backtracks far, whatever a plugin sends.
 */
final class DeviceIdSyntax {
    /** Names of DRA devices are DNS labels: no longer ones are looked at. */
    private static final int LONGEST_LABEL = 63;

    private static final String NUMBER = "(0|[1-9][0-9]{0,8})";
    private static final String UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private static final Pattern GPU = Pattern.compile("GPU-" + UUID);
    private static final Pattern MIG = Pattern.compile("MIG-" + UUID);
    private static final Pattern LEGACY_MIG = Pattern.compile("MIG-(GPU-" + UUID + ")/" + NUMBER + "/" + NUMBER);
    private static final Pattern MINOR =
            Pattern.compile("nvidia" + NUMBER + "(?:/gi" + NUMBER + ")?(?:/vgpu" + NUMBER + ")?");
    private static final Pattern INDEX = Pattern.compile(NUMBER + "(?::" + NUMBER + ")?");
    private static final Pattern REPLICA_NUMBER = Pattern.compile(NUMBER);

    private static final Pattern DRA_GPU = Pattern.compile("gpu-" + NUMBER);
    private static final Pattern DRA_MIG =
            Pattern.compile("gpu-" + NUMBER + "-mig-[0-9]++[cg][0-9a-z.-]*-" + NUMBER + "-" + NUMBER);
    private static final Pattern DRA_MIG_WITH_SIZE =
            Pattern.compile("gpu-" + NUMBER + "-mig-" + NUMBER + "-" + NUMBER + "-" + NUMBER);

    private DeviceIdSyntax() {}

    static DeviceId parse(String raw) {
        int separator = raw.lastIndexOf("::");
        if (separator >= 0) {
            Matcher number = REPLICA_NUMBER.matcher(raw.substring(separator + 2));
            DeviceId whole = parseWhole(raw.substring(0, separator));
            // Replicas of what nobody knows, replicas of replicas among them, are as unknown as it is.
            boolean replica = number.matches() && !(whole instanceof DeviceId.Unknown) && !whole.shared();
            return replica ? new DeviceId.Replica(whole, number(number, 1)) : new DeviceId.Unknown(raw);
        }
        return parseWhole(raw);
    }

    private static DeviceId parseWhole(String raw) {
        if (GPU.matcher(raw).matches()) {
            return new DeviceId.Gpu(raw);
        }
        if (MIG.matcher(raw).matches()) {
            return new DeviceId.Mig(raw);
        }
        Matcher legacy = LEGACY_MIG.matcher(raw);
        if (legacy.matches()) {
            return new DeviceId.LegacyMig(legacy.group(1), number(legacy, 2), number(legacy, 3));
        }
        Matcher minor = MINOR.matcher(raw);
        if (minor.matches()) {
            return new DeviceId.Minor(number(minor, 1), optional(minor, 2), optional(minor, 3));
        }
        Matcher index = INDEX.matcher(raw);
        return index.matches() ? new DeviceId.Index(number(index, 1), optional(index, 2)) : new DeviceId.Unknown(raw);
    }

    static Optional<DraPlacement> placement(String device) {
        if (device.length() > LONGEST_LABEL) {
            return Optional.empty();
        }
        Matcher gpu = DRA_GPU.matcher(device);
        if (gpu.matches()) {
            return Optional.of(new DraPlacement(number(gpu, 1), Optional.empty()));
        }
        return part(DRA_MIG.matcher(device)).or(() -> part(DRA_MIG_WITH_SIZE.matcher(device)));
    }

    private static Optional<DraPlacement> part(Matcher name) {
        if (!name.matches()) {
            return Optional.empty();
        }
        DraPlacement.Part part = new DraPlacement.Part(number(name, 2), number(name, 3));
        return Optional.of(new DraPlacement(number(name, 1), Optional.of(part)));
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static OptionalInt optional(Matcher matcher, int group) {
        return matcher.group(group) == null ? OptionalInt.empty() : OptionalInt.of(number(matcher, group));
    }
}
