package dev.gpuexporter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:9400, 0.0.0.0, 9400",
        "127.0.0.1:0, 127.0.0.1, 0",
        ":9400, 0.0.0.0, 9400",
        "localhost:65535, localhost, 65535",
        "[::]:9400, ::, 9400",
        "[fe80::1]:1, fe80::1, 1",
    })
    void readsAddressAndPort(String text, String host, int port) {
        assertThat(ListenAddress.parse(text)).isEqualTo(new ListenAddress(host, port));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | \"\" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400",
                "9400 | \"9400\" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400",
                "0.0.0.0 | \"0.0.0.0\" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400",
                ":::9400 | \":::9400\" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400",
                "[::1:9400 | \"[::1:9400\" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400",
                "' :9400' | \" :9400\" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400",
                "a b:9400 | \"a b:9400\" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400",
                "http://0.0.0.0:9400 | \"http://0.0.0.0:9400\" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400",
                "0.0.0.0:http | \"http\" is no port; write a number, as in 0.0.0.0:9400",
                "0.0.0.0: | \"\" is no port; write a number, as in 0.0.0.0:9400",
                "0.0.0.0:-1 | \"-1\" is no port; write a number, as in 0.0.0.0:9400",
                "0.0.0.0:9400/metrics | \"9400/metrics\" is no port; write a number, as in 0.0.0.0:9400",
                "0.0.0.0:65536 | port 65536 is not between 1 and 65535",
                "0.0.0.0:99999999999 | port 99999999999 is not between 1 and 65535",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> ListenAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0:9400, 0.0.0.0:9400", "[::1]:9400, [::1]:9400", ":9400, 0.0.0.0:9400"})
    void writesWhatItReads(String text, String written) {
        assertThat(ListenAddress.parse(text)).hasToString(written);
    }
}
