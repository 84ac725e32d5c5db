package dev.gpuexporter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XidCatalogTest {
    @ParameterizedTest
    @CsvSource({
        "13, graphics engine exception, restart the application",
        "31, MMU fault, restart the application",
        "43, channel reset, ignore",
        "45, preemptive cleanup, follow the Xid beside it",
        "54, auxiliary power missing, check the power cable",
        "64, row remapping or page retirement failed, reset the GPU",
        "74, NVLink error, check NVLink and reset the GPU",
        "79, fell off the bus, reboot the node",
        "95, uncontained memory error, reset the GPU",
        "119, GSP RPC timeout, reset the GPU",
        "154, recovery action changed, see the recovery action",
    })
    void saysWhatHappenedAndWhatToDo(int number, String name, String action) {
        Xid xid = XidCatalog.xid(number);
        assertThat(xid.number()).isEqualTo(number);
        assertThat(xid.name()).isEqualTo(name);
        assertThat(xid.action().words()).isEqualTo(action);
    }

    @Test
    void saysThatItDoesNotKnowOne() {
        assertThat(XidCatalog.xid(888)).isEqualTo(new Xid(888, "unknown", XidAction.LOOK_UP));
    }

    @Test
    void knowsWhicheverAreCountedFromZero() {
        assertThat(ConfigFactory.parseResources("reference.conf").getIntList("events.xids"))
                .isNotEmpty()
                .allSatisfy(number -> assertThat(XidCatalog.xid(number).name()).isNotEqualTo("unknown"));
    }

    @Test
    void namesEachInAFewWords() {
        assertThat(XidCatalog.all())
                .hasSizeGreaterThan(60)
                .allSatisfy(xid ->
                        assertThat(xid.name()).isNotBlank().hasSizeLessThan(50).doesNotContain(","));
    }
}
