package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long the cluster's word on a token stands. */
@Timeout(30)
class TokensTest {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Verdict cluster = Verdict.ADMITTED;
    private final Tokens tokens = new Tokens(
            token -> {
                asked.incrementAndGet();
                return cluster;
            },
            nanos::get);

    @AfterEach
    void close() {
        tokens.close();
    }

    private Verdict check() {
        return tokens.check("token").join();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void asksOnceForAMinute() {
        for (int i = 0; i < 4; i++) {
            assertThat(check()).isEqualTo(Verdict.ADMITTED);
            pass(Duration.ofSeconds(15));
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void keepsItsYesForItsTimeWhereTheClusterIsGoneAndNoLonger() {
        assertThat(check()).isEqualTo(Verdict.ADMITTED);
        cluster = Verdict.UNAVAILABLE;
        pass(Tokens.YES_STANDS_FOR.minusSeconds(1));
        assertThat(check()).isEqualTo(Verdict.ADMITTED);
        Eventually.holds("it is asked again meanwhile", () -> asked.get() == 2);
        pass(Duration.ofSeconds(2));
        assertThat(check()).isEqualTo(Verdict.UNAVAILABLE);
        assertThat(tokens.check("another").join()).isEqualTo(Verdict.UNAVAILABLE);
        pass(Tokens.SILENCE_STANDS_FOR);
        cluster = Verdict.ADMITTED;
        assertThat(check()).isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void shutsOutWhoLostTheRightWithinAMinute() {
        assertThat(check()).isEqualTo(Verdict.ADMITTED);
        cluster = Verdict.FORBIDDEN;
        pass(Tokens.YES_IS_ASKED_AGAIN_AFTER);
        Eventually.holds("it is out", () -> check() == Verdict.FORBIDDEN);
    }

    @Test
    void forgetsItsNoAfterSeconds() {
        cluster = Verdict.WRONG;
        assertThat(check()).isEqualTo(Verdict.WRONG);
        cluster = Verdict.ADMITTED;
        assertThat(check()).isEqualTo(Verdict.WRONG);
        assertThat(asked).hasValue(1);
        pass(Tokens.NO_STANDS_FOR);
        assertThat(check()).isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void asksNobodyAboutWhatIsNoToken() {
        assertThat(tokens.check("").join()).isEqualTo(Verdict.WRONG);
        assertThat(tokens.check("x".repeat(10_000)).join()).isEqualTo(Verdict.WRONG);
        assertThat(asked).hasValue(0);
    }

    @Test
    void strangersDoNotHoldUpWhoIsKnown() {
        CountDownLatch answered = new CountDownLatch(1);
        Tokens busy = new Tokens(
                token -> {
                    if (token.startsWith("stranger")) {
                        try {
                            answered.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return Verdict.WRONG;
                    }
                    asked.incrementAndGet();
                    return Verdict.ADMITTED;
                },
                nanos::get);
        assertThat(busy.check("known").join()).isEqualTo(Verdict.ADMITTED);
        List<CompletableFuture<Verdict>> strangers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            strangers.add(busy.check("stranger" + i));
        }
        for (int minute = 0; minute < 10; minute++) {
            pass(Tokens.YES_IS_ASKED_AGAIN_AFTER);
            assertThat(busy.check("known")).isCompletedWithValue(Verdict.ADMITTED);
            int answers = minute + 2;
            Eventually.holds("it is asked for again", () -> asked.get() == answers);
        }
        assertThat(strangers.get(99)).isCompletedWithValue(Verdict.BUSY);
        answered.countDown();
        busy.close();
    }
}
