package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.RunningExporter;
import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.simulation.GpuModels;
import dev.gpuexporter.testing.Browser;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Project;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The status page in a real browser that runs no scripts of pages. Its pictures are in {@code target/pictures/}. */
@Timeout(120)
class StatusPageIT {
    private static final Path PICTURES = Project.target().resolve("pictures");
    private static final double WCAG_AA = 4.5;

    /** The contrast of each text that is drawn to what is drawn behind it: {@code ratio text}. */
    private static final String CONTRASTS = """
            (() => {
              const channels = color => color.match(/[\\d.]+/g).map(Number);
              const luminance = color => channels(color).slice(0, 3).map(c => c / 255)
                .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = e => { while (e) { const b = getComputedStyle(e).backgroundColor;
                if ((channels(b)[3] ?? 1) === 1) return b; e = e.parentElement; } return 'rgb(0 0 0 / 1)'; };
              const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((m, n) => n - m);
                return (x + 0.05) / (y + 0.05); };
              const found = [];
              for (const e of document.querySelectorAll('body *')) {
                const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
                if (!own || !e.getClientRects().length) continue;
                found.push(ratio(getComputedStyle(e).color, behind(e)).toFixed(2) + ' ' + e.textContent);
                const before = getComputedStyle(e, '::before');
                if (before.content !== 'none') found.push(ratio(before.color, behind(e)).toFixed(2) + ' ' + before.content);
              }
              return JSON.stringify(found);
            })()""";

    /** The words of each cell that names a workload and lies in the width of the window. */
    private static final String WORKLOADS_IN_SIGHT = """
            JSON.stringify([...document.querySelectorAll('td.workload:not(:empty)')].map(cell => {
              const at = cell.getBoundingClientRect();
              return at.height > 10 && at.left >= 0 && at.right <= innerWidth ? cell.innerText : 'out of sight';
            }))""";

    @TempDir
    private static Path profile;

    private static Browser browser;
    private static final Map<String, RunningExporter> nodes = new TreeMap<>();

    @BeforeAll
    static void start() throws IOException {
        browser = new Browser(profile);
        browser.forbidScripts();
        for (String gpus : List.of("t4x1", "h200x8", "h200x16")) {
            nodes.put(
                    gpus,
                    RunningExporter.afterOnePoll(
                            new ScenarioFile(GpuModels.names()).read(gpus), Duration.ofMinutes(1)));
        }
        RunningExporter troubled = RunningExporter.polling(RunningExporter.scenario("troubled-gpus"), Duration.ZERO);
        troubled.passUntilUp(Duration.ofMinutes(9), 7);
        troubled.passUntilUp(Duration.ofMinutes(3), 6);
        nodes.put("troubled", troubled);
        nodes.put("mig", RunningExporter.afterOnePoll(RunningExporter.scenario("mig-h100"), Duration.ofMinutes(1)));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        nodes.values().forEach(RunningExporter::close);
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "t4x1, 1, 390, light",
        "t4x1, 1, 390, dark",
        "t4x1, 1, 1440, light",
        "t4x1, 1, 1440, dark",
        "h200x8, 8, 390, light",
        "h200x8, 8, 390, dark",
        "h200x8, 8, 1440, light",
        "h200x8, 8, 1440, dark",
        "h200x16, 16, 390, light",
        "h200x16, 16, 390, dark",
        "h200x16, 16, 1440, light",
        "h200x16, 16, 1440, dark",
        "troubled, 7, 390, light",
        "troubled, 7, 390, dark",
        "troubled, 7, 1440, light",
        "troubled, 7, 1440, dark",
        "h200x8, 8, 980, light",
        "troubled, 7, 980, light",
        "mig, 6, 800, light",
        "mig, 6, 390, light",
        "mig, 6, 390, dark",
        "mig, 6, 1440, light",
        "mig, 6, 1440, dark"
    })
    void canBeRead(String node, int held, int width, String scheme) throws IOException {
        browser.resize(width, width < 600 ? 844 : 520);
        browser.prefer(scheme);
        browser.open(url(node));
        browser.picture(PICTURES.resolve("%s-%d-%s.png".formatted(node, width, scheme)));

        assertThat(number("document.documentElement.scrollWidth"))
                .as("width that it takes")
                .isLessThanOrEqualTo(width);
        assertThat(strings(WORKLOADS_IN_SIGHT)).hasSize(held).doesNotContain("out of sight");
        assertThat(strings(CONTRASTS)).hasSizeGreaterThan(held * 6).allSatisfy(contrast -> assertThat(
                        Double.parseDouble(contrast.split(" ")[0]))
                .as(contrast)
                .isGreaterThanOrEqualTo(WCAG_AA));
        assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo(scheme.equals("dark") ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)");
        assertThat(browser.requests()).isNotEmpty().allMatch(url -> url.equals(url(node)) || url.equals("data:,"));
    }

    @Test
    void namesThePodOfEachGpu() {
        browser.resize(390, 844);
        browser.open(url("h200x8"));
        assertThat(strings(WORKLOADS_IN_SIGHT))
                .containsExactly(
                        "research/train-0 main",
                        "research/notebook-7 jupyter",
                        "shared: dev/test, prod/llm-a, prod/llm-b",
                        "research/finetune-0 main",
                        "research/finetune-0 main",
                        "research/finetune-0 main",
                        "research/finetune-0 main",
                        "free");
    }

    @Test
    void saysWhatHasToBeDoneAboutAGpuBeforeAnythingElse() {
        browser.resize(1440, 900);
        browser.open(url("troubled"));
        assertThat(browser.evaluate("document.title").toString()).isEqualTo("2 of 7 GPUs in trouble · gpu-exporter");
        assertThat(strings("JSON.stringify([...document.querySelectorAll('.hurt .health')].map(e => e.innerText))"))
                .containsExactly("lost: Xid 79: fell off the bus; reboot the node", "reset the GPU");
        assertThat(browser.evaluate("document.querySelectorAll('tbody tr')[2].querySelector('.health').innerText"))
                .isEqualTo("Xid 13 in the last hour");
    }

    @Test
    void showsWhatIsNewWithoutBeingAsked() {
        try (RunningExporter live = RunningExporter.live("h200x8")) {
            String url = "http://" + live.address() + "/";
            browser.resize(390, 500);
            browser.open(url);
            Eventually.holds("every GPU is read", () -> number("document.querySelectorAll('.use[style]').length") == 8);
            browser.evaluate("scrollTo(0, 300)");
            String before = readings();
            Eventually.holds(
                    "other readings",
                    () -> !readings().equals(before) && readings().contains("W"));
            Eventually.holds("the reader is where he was", () -> number("scrollY") == 300);
            assertThat(browser.requests())
                    .hasSizeGreaterThan(1)
                    .allMatch(asked -> asked.startsWith(url) || asked.equals("data:,"));
        }
    }

    private static String readings() {
        return String.valueOf(browser.evaluate("document.body?.innerText ?? ''"));
    }

    private static String url(String node) {
        return "http://" + nodes.get(node).address() + "/";
    }

    private static int number(String expression) {
        return ((Number) browser.evaluate(expression)).intValue();
    }

    private static List<String> strings(String expression) {
        return new JsonArray((String) browser.evaluate(expression))
                .stream().map(String.class::cast).toList();
    }
}
