package dev.gpuexporter.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptTest {
    private final List<String> made = new ArrayList<>();
    private final Kept<String, String> kept = new Kept<>(new HashMap<>(), key -> {
        made.add(key);
        return key + "!";
    });

    private void page(String... keys) {
        for (String key : keys) {
            assertThat(kept.of(key)).isEqualTo(key + "!");
        }
        kept.endPage();
    }

    @Test
    void makesEachOnceHoweverOftenItIsNeeded() {
        page("a", "b", "a");
        page("b", "a");
        assertThat(made).containsExactly("a", "b");
    }

    @Test
    void forgetsWhatAPageHadNoUseFor() {
        page("a", "b");
        page("b", "c");
        page("a", "b", "c");
        assertThat(made).containsExactly("a", "b", "c", "a");
    }
}
