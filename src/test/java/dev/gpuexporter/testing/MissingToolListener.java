package dev.gpuexporter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Writes down each test that a missing tool kept from running; JUnit finds it through META-INF/services. */
public final class MissingToolListener implements TestExecutionListener {
    private final MissingTools missingTools = MissingTools.ofThisBuild();
    private TestPlan plan;

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
        try {
            missingTools.testsRan();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        if (result.getThrowable().orElse(null) instanceof MissingToolException missing) {
            try {
                missingTools.add(missing.tool(), skipped(identifier));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A class whose {@code @BeforeAll} lacked the tool takes all its tests with it. */
    private List<String> skipped(TestIdentifier identifier) {
        List<String> below = plan.getDescendants(identifier).stream()
                .filter(MissingToolListener::isMethod)
                .map(MissingToolListener::name)
                .toList();
        return below.isEmpty() ? List.of(name(identifier)) : below;
    }

    private static boolean isMethod(TestIdentifier identifier) {
        return identifier.getSource().orElse(null) instanceof MethodSource;
    }

    private static String name(TestIdentifier identifier) {
        return Stream.of(identifier)
                .flatMap(test -> test.getSource().stream())
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(method -> method.getClassName() + "." + method.getMethodName())
                .findFirst()
                .orElse(identifier.getDisplayName());
    }
}
