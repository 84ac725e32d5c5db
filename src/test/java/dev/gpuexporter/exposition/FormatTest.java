package dev.gpuexporter.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatTest {
    /** Prometheus 2.x before protocols could be configured, as one sent it. */
    private static final String PROMETHEUS_2 =
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                    + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    @ParameterizedTest
    @ValueSource(
            strings = {
                PROMETHEUS_2,
                PROTOBUF + ",application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5",
                "application/openmetrics-text",
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
                "Application/OpenMetrics-Text;Version=\"1.0.0\"",
                "text/plain;q=0.3, application/openmetrics-text;q=0.4",
            })
    void isOpenMetricsWhereThatIsWantedMost(String accept) {
        assertThat(Format.negotiate(accept).contentType()).isEqualTo(OPEN_METRICS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "text/*",
                "text/plain",
                "text/plain;version=1.0.0",
                "application/openmetrics-text;version=0.0.1",
                "application/openmetrics-text;version=2.0.0,text/plain;version=0.0.4;q=0.2",
                "application/openmetrics-text;q=0",
                "application/openmetrics-text;q=0.000,*/*",
                "application/openmetrics-text;q=0.4,text/plain;q=0.5",
                "application/openmetrics-text;q=2",
                "application/openmetrics-text;q=x",
                "application/openmetrics-text;q=-1",
                "application/openmetrics-textual",
                PROTOBUF,
                "image/png",
            })
    void isTextOtherwise(String accept) {
        assertThat(Format.negotiate(accept)).isEqualTo(Format.TEXT);
    }

    @Test
    void isTextWhereNothingIsSaid() {
        assertThat(Format.negotiate(null).contentType()).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource({"allow-utf-8", "underscores", "dots", "values"})
    void echoesAnEscapingThatIsKnown(String escaping) {
        assertThat(Format.negotiate("application/openmetrics-text;version=1.0.0;escaping=" + escaping)
                        .contentType())
                .isEqualTo(OPEN_METRICS + "; escaping=" + escaping);
        assertThat(Format.negotiate("text/plain;version=0.0.4;escaping=" + escaping)
                        .contentType())
                .isEqualTo(TEXT + "; escaping=" + escaping);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "\r\nX-Injected: 1", "", "underscores dots"})
    void echoesNoOther(String escaping) {
        assertThat(Format.negotiate("text/plain;escaping=" + escaping).contentType())
                .isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "gzip              | true",
                "gzip;q=0.1        | true",
                "deflate,  GZip    | true",
                "gzip;q=0          | false",
                "gzip;q=0.0        | false",
                "x-gzip-ng         | false",
                "identity          | false",
                "''                | false",
                "null              | false",
            })
    void isCompressedOnRequestAlone(String acceptEncoding, boolean gzip) {
        assertThat(Format.acceptsGzip(acceptEncoding)).isEqualTo(gzip);
    }
}
