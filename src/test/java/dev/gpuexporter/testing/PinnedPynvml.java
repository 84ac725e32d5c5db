package dev.gpuexporter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** NVIDIA's Python package, in the one version whose numbers ours are compared with. */
final class PinnedPynvml {
    static final String REQUIREMENTS = "src/test/python/requirements.txt";

    private static final String INSTALLED =
            "import pynvml, importlib.metadata as m; print('nvidia-ml-py==' + m.version('nvidia-ml-py'))";

    private PinnedPynvml() {}

    static boolean isInstalledFor(Path python) {
        return Command.succeeds(python.toString(), "-c", "import pynvml")
                && pinned().contains(
                                Command.run(python.toString(), "-c", INSTALLED).strip());
    }

    private static List<String> pinned() {
        try {
            return Files.readAllLines(Project.directory().resolve(REQUIREMENTS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
