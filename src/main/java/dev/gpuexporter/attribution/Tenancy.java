package dev.gpuexporter.attribution;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Who has one GPU, or one GPU instance.
 *
 * @param owner the one that holds it alone; empty where it is shared or nobody does
 * @param shares of a shared one, what each who is on it uses; empty for others
 */
public record Tenancy(Optional<Tenant> owner, List<Share> shares) {
    static final Tenancy NONE = new Tenancy(Optional.empty(), List.of());

    /**
     * What one container has of a device that several share.
     *
     * @param memoryBytes empty where nobody can tell
     * @param smUtilizationRatio 0–1; empty where nobody can tell
     */
    public record Share(Tenant tenant, OptionalLong memoryBytes, OptionalDouble smUtilizationRatio) {}
}
