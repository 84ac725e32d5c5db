package dev.gpuexporter.http;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.BCrypt.Version;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Compares passwords with bcrypt hashes, one at a time, on a thread of its own. Who was found right is known from then
 * on, as long as they come again within some minutes and their hash is the same: however many guess, they do not wait.
 */
final class Passwords implements AutoCloseable {
    private static final Duration KNOWN_FOR = Duration.ofMinutes(15);
    private static final int MOST_KNOWN = 256;

    /** At 50 ms each, the last of them is answered within two seconds. */
    private static final int MOST_WAITING = 32;

    private final BoundedWorker worker = new BoundedWorker("passwords", MOST_WAITING);
    private final Remembered<Verdict> known;

    Passwords(LongSupplier nanos) {
        known = new Remembered<>(KNOWN_FOR, MOST_KNOWN, nanos);
    }

    /**
     * Whether that is the user's password. For a user whom there is not it takes as long to say no.
     *
     * @param users with their hashes; one at least
     */
    CompletableFuture<Verdict> check(Map<String, String> users, String user, String password) {
        Optional<String> hash = Optional.ofNullable(users.get(user));
        // All hashes have the same length: what follows is the password.
        Optional<String> secret = hash.map(its -> its + password);
        if (secret.flatMap(known::find).isPresent()) {
            known.put(secret.get(), Verdict.ADMITTED);
            return CompletableFuture.completedFuture(Verdict.ADMITTED);
        }
        String compared = hash.orElseGet(() -> costliest(users));
        return worker.ask(() -> {
            boolean right = isOf(compared, password) && hash.isPresent();
            if (right) {
                known.put(secret.get(), Verdict.ADMITTED);
            }
            return right ? Verdict.ADMITTED : Verdict.WRONG;
        });
    }

    /** The two digits of the cost stand at the same place in each. */
    private static String costliest(Map<String, String> users) {
        return users.values().stream()
                .max(Comparator.comparing(hash -> hash.substring(4, 6)))
                .orElseThrow();
    }

    /** What is beyond bcrypt's 72 bytes does not count, as in Prometheus. */
    private static boolean isOf(String hash, String password) {
        return BCrypt.verifyer(Version.VERSION_2A, LongPasswordStrategies.truncate(Version.VERSION_2A))
                .verify(password.getBytes(StandardCharsets.UTF_8), hash.getBytes(StandardCharsets.US_ASCII))
                .verified;
    }

    @Override
    public void close() {
        worker.close();
    }
}
