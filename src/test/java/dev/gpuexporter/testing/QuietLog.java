package dev.gpuexporter.testing;

import dev.gpuexporter.LogConfigurator;
import java.util.logging.Logger;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/** Logs as the exporter does, of ourselves only warnings too; JUnit finds it through META-INF/services. */
public final class QuietLog implements TestExecutionListener {
    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        LogConfigurator.install();
        Logger.getLogger("dev.gpuexporter").setLevel(null);
    }
}
