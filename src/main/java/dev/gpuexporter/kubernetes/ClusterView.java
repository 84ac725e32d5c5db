package dev.gpuexporter.kubernetes;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of this node from others than the kubelet, at one time: immutable, swapped in whole.
 *
 * @param pods empty where the API server is not asked for them, or has not answered yet
 * @param devices those that DRA may give; empty as {@code pods} is
 * @param stack whether each component of the GPU stack was found ready; empty where nobody validates
 */
public record ClusterView(PodIndex pods, DraDevices devices, SortedMap<String, Boolean> stack) {
    /** Nobody says anything. */
    public static final ClusterView NONE =
            new ClusterView(PodIndex.EMPTY, DraDevices.NONE, Collections.emptySortedMap());

    public ClusterView {
        stack = Collections.unmodifiableSortedMap(new TreeMap<>(stack));
    }

    // By hand: what the compiler makes for a record is put together anew at each start, and slow.

    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterView view
                && pods.equals(view.pods)
                && devices.equals(view.devices)
                && stack.equals(view.stack);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pods, devices, stack);
    }
}
