package dev.gpuexporter.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Whatever a client sends, it gets a type that exists. */
class FormatPropertyTest {
    private static final Set<String> TYPES = Set.of(
            "text/plain; version=0.0.4; charset=utf-8", "application/openmetrics-text; version=1.0.0; charset=utf-8");
    private static final Set<String> ESCAPINGS = Set.of("", "allow-utf-8", "underscores", "dots", "values");

    private static final int LONGEST = 64 * 1024;

    @Property
    void givesAKnownTypeForAnyText(@ForAll String accept) {
        assertKnown(accept);
    }

    @Property
    void givesAKnownTypeForAnythingThatLooksLikeAHeader(@ForAll("headers") String accept) {
        assertKnown(accept);
    }

    /** As long as a server may take: what is of no use is passed over, and no time is lost on it. */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void isNotHeldUpByAFlood(@ForAll("headers") String piece) {
        String flood = (piece.isEmpty() ? "," : piece).repeat(LONGEST / Math.max(1, piece.length()));
        long start = System.nanoTime();
        assertKnown(flood);
        assertKnown(flood + ",application/openmetrics-text;q=1");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    /** What is refused by q=0 is not sent, as long as the other is accepted. */
    @Property
    void sendsNothingThatIsRefused(@ForAll boolean openMetrics, @ForAll("zeros") String zero) {
        String wanted = openMetrics ? "application/openmetrics-text" : "text/plain";
        String refused = openMetrics ? "text/plain" : "application/openmetrics-text";
        assertThat(Format.negotiate(refused + ";q=" + zero + "," + wanted + ";q=0.001")
                        .openMetrics())
                .isEqualTo(openMetrics);
    }

    @Provide
    Arbitrary<String> zeros() {
        return Arbitraries.of("0", "0.", "0.0", "0.00", "0.000");
    }

    @Provide
    Arbitrary<String> headers() {
        return Arbitraries.of(
                        "application/openmetrics-text",
                        "text/plain",
                        "*/*",
                        "text/*",
                        ";",
                        ",",
                        "=",
                        "\"",
                        " ",
                        "q",
                        "version",
                        "escaping",
                        "allow-utf-8",
                        "1.0.0",
                        "0.0.4",
                        "0.5",
                        "1",
                        "NaN",
                        "\u0130")
                .list()
                .ofMaxSize(80)
                .map(parts -> String.join("", parts));
    }

    private static void assertKnown(String accept) {
        String[] type = Format.negotiate(accept).contentType().split("; escaping=", 2);
        assertThat(TYPES).contains(type[0]);
        assertThat(ESCAPINGS).contains(type.length == 2 ? type[1] : "");
        Format.acceptsGzip(accept);
    }
}
