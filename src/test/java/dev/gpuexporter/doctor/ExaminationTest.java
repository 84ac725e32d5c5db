package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.doctor.Finding.Level;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.testing.InterceptedCall;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExaminationTest {
    private final DriverCalls calls = new DriverCalls();
    private final Examination examination = new Examination(Duration.ofSeconds(1), calls);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Check fine = new Check("port", () -> List.of(Finding.ok("port", "9400 is free")));

    @AfterEach
    void letGo() {
        end.countDown();
    }

    @Test
    void goesOnBehindACheckThatFails() throws Exception {
        Check failing = new Check("stack", () -> {
            throw new IOException("no such device");
        });
        List<Finding> findings = examination.findings(List.of(failing, fine));
        assertThat(findings).hasSize(2).last().extracting(Finding::text).isEqualTo("9400 is free");
        assertThat(findings.get(0).level()).isEqualTo(Level.FAIL);
        assertThat(findings.get(0).topic()).isEqualTo("stack");
        assertThat(findings.get(0).text()).contains("no such device");
    }

    @Test
    void goesOnBehindACheckThatHangs() throws Exception {
        List<Finding> findings = examination.findings(List.of(new Check("kubelet", this::hang), fine));
        assertThat(findings).extracting(Finding::text).containsExactly("no answer within 1 s", "9400 is free");
        assertThat(findings.get(0).level()).isEqualTo(Level.FAIL);
    }

    @Test
    void saysInWhichOfTheDriversFunctionsItHangs() throws Exception {
        NvmlLibrary hanging = calls.through(InterceptedCall.intercepted(call -> {
            end.await();
            return 0;
        }));
        Check check = new Check("MIG", () -> {
            hanging.nvmlDeviceGetMigMode(null, null, null);
            return List.of();
        });
        List<Finding> findings = examination.findings(List.of(check, fine));
        assertThat(findings.get(0).text()).startsWith("hangs in nvmlDeviceGetMigMode, for ");
        assertThat(findings.get(1).text()).isEqualTo("9400 is free");
    }

    private List<Finding> hang() throws InterruptedException {
        end.await();
        return List.of();
    }
}
