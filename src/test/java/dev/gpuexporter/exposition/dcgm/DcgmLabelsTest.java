package dev.gpuexporter.exposition.dcgm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.attribution.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DcgmLabelsTest {
    private static String of(Map<String, String> details) {
        return new DcgmLabels(DcgmNode.DEFAULTS, "node-1", List.of())
                .of(Optional.of(new Tenant("prod", "llm-a", "main", new TreeMap<>(details))), Optional.empty());
    }

    @Test
    void aPodsLabelGoesWithoutThePrefixThatItHasAmongOurOwn() {
        assertThat(of(Map.of("label_app_kubernetes_io_name", "llm", "pod_uid", "u-1")))
                .isEqualTo("app_kubernetes_io_name=\"llm\",container=\"main\",namespace=\"prod\",pod=\"llm-a\","
                        + "pod_uid=\"u-1\"");
    }

    /** Two labels of one name would cost the whole scrape. */
    @Test
    void itKeepsThePrefixWhereItsNameIsTakenOrNone() {
        assertThat(of(Map.of("label_pod", "a", "label_gpu", "b", "label_0day", "c", "label___name__", "d")))
                .isEqualTo("container=\"main\",label_0day=\"c\",label___name__=\"d\",label_gpu=\"b\",label_pod=\"a\","
                        + "namespace=\"prod\",pod=\"llm-a\"");
    }
}
