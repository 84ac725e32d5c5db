package dev.gpuexporter.testing;

import org.opentest4j.TestAbortedException;

/** The test cannot run here: JUnit counts it as skipped, and {@link MissingTools} remembers why. */
final class MissingToolException extends TestAbortedException {
    private static final long serialVersionUID = 1;

    private final Tool tool;

    MissingToolException(Tool tool) {
        super(tool.missing());
        this.tool = tool;
    }

    Tool tool() {
        return tool;
    }
}
