package dev.gpuexporter.http;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Asks the cluster who brings a token and whether they may read. Its yes stands for minutes, also where nobody answers
 * any more, and is asked for again before it ends; its no stands for seconds.
 */
final class Tokens implements AutoCloseable {
    static final Duration YES_STANDS_FOR = Duration.ofMinutes(5);
    static final Duration YES_IS_ASKED_AGAIN_AFTER = Duration.ofMinutes(1);
    static final Duration NO_STANDS_FOR = Duration.ofSeconds(10);

    /** While nobody answers, one is asked each time this has passed, and the others hear what that one heard. */
    static final Duration SILENCE_STANDS_FOR = Duration.ofSeconds(1);

    private static final int MOST_KNOWN = 256;
    private static final int MOST_WAITING = 16;

    /** Longer is no token of Kubernetes': those have some 1,000 characters. */
    private static final int LONGEST = 8192;

    private final Function<String, Verdict> cluster;
    private final LongSupplier nanos;
    private final Remembered<Verdict> yes;
    private final Remembered<Verdict> no;
    private final BoundedWorker strangers = new BoundedWorker("tokens", MOST_WAITING);

    /** Those who were let in are asked for here, so that no stranger is in their way. */
    private final BoundedWorker renewals = new BoundedWorker("known-tokens", MOST_WAITING);

    private final Set<String> underRenewal = ConcurrentHashMap.newKeySet();
    private volatile Optional<Long> silentSince = Optional.empty();

    /** @param cluster asks it, which may take seconds; {@link Verdict#UNAVAILABLE} where it does not answer */
    Tokens(Function<String, Verdict> cluster, LongSupplier nanos) {
        this.cluster = cluster;
        this.nanos = nanos;
        this.yes = new Remembered<>(YES_STANDS_FOR, MOST_KNOWN, nanos);
        this.no = new Remembered<>(NO_STANDS_FOR, MOST_KNOWN, nanos);
    }

    CompletableFuture<Verdict> check(String token) {
        if (token.isEmpty() || token.length() > LONGEST) {
            return CompletableFuture.completedFuture(Verdict.WRONG);
        }
        Optional<Remembered.Found<Verdict>> admitted = yes.find(token);
        if (admitted.isPresent()) {
            if (admitted.get().age().compareTo(YES_IS_ASKED_AGAIN_AFTER) >= 0 && underRenewal.add(token)) {
                renewals.ask(() -> ask(token)).whenComplete((verdict, failure) -> underRenewal.remove(token));
            }
            return CompletableFuture.completedFuture(Verdict.ADMITTED);
        }
        return no.find(token)
                .map(refused -> CompletableFuture.completedFuture(refused.value()))
                .orElseGet(() -> strangers.ask(() -> ask(token)));
    }

    private Verdict ask(String token) {
        if (silentSince
                .filter(since -> nanos.getAsLong() - since < SILENCE_STANDS_FOR.toNanos())
                .isPresent()) {
            return Verdict.UNAVAILABLE;
        }
        Verdict verdict = cluster.apply(token);
        silentSince = verdict == Verdict.UNAVAILABLE ? Optional.of(nanos.getAsLong()) : Optional.empty();
        switch (verdict) {
            case ADMITTED -> yes.put(token, verdict);
            case WRONG, FORBIDDEN -> {
                yes.forget(token);
                no.put(token, verdict);
            }
            default -> {
                // nothing is known of it
            }
        }
        return verdict;
    }

    @Override
    public void close() {
        strangers.close();
        renewals.close();
    }
}
