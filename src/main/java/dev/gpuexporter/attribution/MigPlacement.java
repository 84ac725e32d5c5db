package dev.gpuexporter.attribution;

import dev.gpuexporter.kubernetes.DraPlacement;
import dev.gpuexporter.metrics.MigPart;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a GPU instance lies on a GPU of eight memory slices, as far as its id and its profile tell. Drivers number the
 * places level by level: 0 is the whole GPU, 1 and 2 are its halves, 3 to 6 its quarters, 7 to 14 its eighths.
 *
 * @param start the first memory slice
 * @param profileId the driver's id of the profile; empty for one that is not in the table of those GPUs
 */
record MigPlacement(int start, OptionalInt profileId) {
    private static final int MEMORY_SLICES = 8;

    /** {@code 3g.40gb}, {@code 1g.10gb+me} or {@code 1c.3g.40gb}: compute slices, and whether it has the media engines. */
    private static final Pattern PROFILE = Pattern.compile("(?:\\d+c\\.)?(\\d+)g\\.\\d+gb(\\+me)?");

    /** By compute slices, where an instance has as many memory slices as is usual. */
    private static final Map<Integer, Integer> PROFILE_IDS = Map.of(1, 19, 2, 14, 3, 9, 4, 5, 7, 0);

    private static final int MEDIA_PROFILE_ID = 20;
    private static final int DOUBLE_MEMORY_PROFILE_ID = 15;

    static MigPlacement of(MigPart mig) {
        int level = 31 - Integer.numberOfLeadingZeros(mig.gpuInstance() + 1);
        int size = MEMORY_SLICES >> level;
        int start = (mig.gpuInstance() + 1 - (1 << level)) * size;
        return new MigPlacement(start, profileId(mig.profile(), size));
    }

    private static OptionalInt profileId(String profile, int size) {
        Matcher matcher = PROFILE.matcher(profile);
        if (!matcher.matches()) {
            return OptionalInt.empty();
        }
        int slices = Integer.parseInt(matcher.group(1));
        if (slices == 1 && matcher.group(2) != null) {
            return OptionalInt.of(MEDIA_PROFILE_ID);
        }
        if (slices == 1 && size == 2) {
            return OptionalInt.of(DOUBLE_MEMORY_PROFILE_ID);
        }
        Integer id = PROFILE_IDS.get(slices);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** No two GPU instances start at the same slice; the profile tells one that was there before from one that is. */
    boolean fits(DraPlacement.Part part) {
        return start == part.start() && profileId.orElse(part.gpuInstanceProfile()) == part.gpuInstanceProfile();
    }
}
