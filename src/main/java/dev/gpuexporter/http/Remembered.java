package dev.gpuexporter.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What was found out about secrets, for a while. They are kept as digests under a key that this process alone has: no
 * dump of its memory tells them, and how long a look takes says nothing about what is here.
 */
final class Remembered<V> {
    private static final String DIGEST = "HmacSHA256";

    private final Duration life;
    private final int most;
    private final LongSupplier nanos;

    /** Null until there is a secret: it takes some hundred classes, and most exporters ask for none. */
    private Mac mac;

    /** The one that was longest not asked for first. */
    private final LinkedHashMap<ByteBuffer, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);

    private record Entry<V>(V value, long since) {}

    /** A value, and how long ago it was put here. */
    record Found<V>(V value, Duration age) {}

    /**
     * @param most of them; beyond that, the one goes that was longest not asked for
     * @param nanos the time, as {@link System#nanoTime}
     */
    Remembered(Duration life, int most, LongSupplier nanos) {
        this.life = life;
        this.most = most;
        this.nanos = nanos;
    }

    synchronized Optional<Found<V>> find(String secret) {
        ByteBuffer digest = digest(secret);
        Entry<V> entry = entries.get(digest);
        if (entry == null) {
            return Optional.empty();
        }
        Duration age = Duration.ofNanos(nanos.getAsLong() - entry.since);
        if (age.compareTo(life) >= 0) {
            entries.remove(digest);
            return Optional.empty();
        }
        return Optional.of(new Found<>(entry.value, age));
    }

    /** For its whole life from now on, also where it was known. */
    synchronized void put(String secret, V value) {
        entries.put(digest(secret), new Entry<>(value, nanos.getAsLong()));
        if (entries.size() > most) {
            Iterator<ByteBuffer> oldest = entries.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    synchronized void forget(String secret) {
        entries.remove(digest(secret));
    }

    private ByteBuffer digest(String secret) {
        if (mac == null) {
            mac = underNewKey();
        }
        return ByteBuffer.wrap(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
    }

    private static Mac underNewKey() {
        try {
            byte[] key = new byte[32];
            new SecureRandom().nextBytes(key);
            Mac mac = Mac.getInstance(DIGEST);
            mac.init(new SecretKeySpec(key, DIGEST));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
