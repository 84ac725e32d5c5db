package dev.gpuexporter.http;

import dev.gpuexporter.attribution.Condition;
import dev.gpuexporter.attribution.GpuSummary;
import dev.gpuexporter.attribution.MigSummary;
import dev.gpuexporter.attribution.NodeView;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The node at a glance, as one page of HTML without scripts or outside assets. */
final class StatusPage {
    private final boolean simulated;
    private final String version;
    private final long refreshSeconds;

    StatusPage(boolean simulated, String version, long refreshSeconds) {
        this.simulated = simulated;
        this.version = version;
        this.refreshSeconds = Math.max(1, refreshSeconds);
    }

    String render(NodeView node, boolean fresh) {
        List<GpuSummary> gpus = GpuSummary.of(node);
        long bad = gpus.stream().filter(gpu -> gpu.condition().isBad()).count();
        StringBuilder page = new StringBuilder(8192);
        page.append("<!doctype html><html lang=en><head><meta charset=utf-8><title>")
                .append(bad > 0 ? bad + " of " + gpus.size() + " GPUs in trouble · " : "")
                .append("gpu-exporter</title>")
                .append("<meta name=viewport content='width=device-width,initial-scale=1'>")
                .append("<link rel=icon href='data:,'><meta http-equiv=refresh content=")
                .append(refreshSeconds)
                .append("><style>")
                .append(StatusPageStyle.CSS)
                .append("</style></head><body><h1>gpu-exporter</h1>");
        appendNotes(page, node, fresh);
        page.append("<p id=sum><b>").append(escaped(node.snapshot().models())).append("</b>");
        if (!gpus.isEmpty()) {
            page.append(counted(gpus.stream().filter(StatusPage::isHeld).count(), "held"))
                    .append(counted(gpus.stream().filter(StatusPage::isFree).count(), "free"));
        }
        if (bad > 0) {
            page.append(" · <b class=bad>").append(bad).append(" in trouble</b>");
        }
        page.append("</p>");
        appendTable(page, gpus);
        appendXids(page, gpus);
        return page.append("<p class=soft>")
                .append(
                        node.snapshot().time().equals(Instant.EPOCH)
                                ? "Nothing has been read yet"
                                : "Read at <span id=time>"
                                        + time(node.snapshot().time()) + "</span>")
                .append("; this page reloads itself every ")
                .append(refreshSeconds)
                .append(" s. Version ")
                .append(escaped(version))
                .append(
                        ".</p><nav><a href=/metrics>metrics</a><a href=/-/ready>ready</a><a href=/-/healthy>healthy</a></nav>")
                .append("</body></html>")
                .toString();
    }

    private static String counted(long gpus, String word) {
        return gpus == 0 ? "" : " · " + gpus + " " + word;
    }

    private void appendNotes(StringBuilder page, NodeView node, boolean fresh) {
        if (simulated) {
            note(page, "", "These GPUs are simulated.");
        }
        node.snapshot().nvmlProblem().ifPresent(problem -> note(page, " bad", "NVML: " + problem));
        if (!fresh) {
            note(page, " bad", "No fresh readings.");
        }
        node.uses().unseen().ifPresent(why -> note(page, "", "What each pod uses of a GPU is left out: " + why));
    }

    private static void appendTable(StringBuilder page, List<GpuSummary> gpus) {
        if (gpus.isEmpty()) {
            return;
        }
        page.append("<table><thead><tr><th>GPU</th><th>Model</th><th class=n>Utilization</th><th class=n>Memory</th>")
                .append(
                        "<th class=n>Temperature</th><th class=n>Power</th><th>Health</th><th>Workload</th></tr></thead>")
                .append("<tbody>");
        for (GpuSummary gpu : gpus) {
            page.append(gpu.condition().isBad() ? "<tr class=hurt>" : "<tr>");
            cell(page, "gpu", Integer.toString(gpu.index()));
            cell(page, "model", gpu.model());
            number(page, "use", gpu.utilizationText(), gpu.utilizationRatio(), OptionalDouble.of(1));
            number(page, "memory", gpu.memoryText(), gpu.memoryUsedBytes(), gpu.memoryTotalBytes());
            number(page, "temp", gpu.temperatureText(), OptionalDouble.empty(), OptionalDouble.empty());
            number(page, "power", gpu.powerText(), gpu.powerWatts(), gpu.powerLimitWatts());
            cell(page, ("health " + style(gpu.condition())).strip(), health(gpu.condition()));
            cell(page, "workload", workload(gpu));
            page.append("</tr>");
            gpu.mig().forEach(part -> appendPart(page, part, gpu.offered()));
        }
        page.append("</tbody></table>");
    }

    private static void appendPart(StringBuilder page, MigSummary part, boolean offered) {
        page.append("<tr class=part>");
        cell(page, "gpu", part.name());
        cell(page, "model", "MIG " + part.profile());
        number(page, "use", part.activeText(), part.activeRatio(), OptionalDouble.of(1));
        number(page, "memory", part.memoryText(), part.memoryUsedBytes(), part.memoryTotalBytes());
        page.append("<td></td><td></td><td></td>");
        cell(page, "workload", holder(part.shared(), part.workloadText(), offered));
        page.append("</tr>");
    }

    private static String holder(boolean shared, String workloads, boolean offered) {
        if (workloads.isEmpty()) {
            return offered ? "free" : "";
        }
        return (shared ? "shared: " : "") + workloads;
    }

    /** The Xids of the last hour, and whom they have hit, whether that one is still there or not. */
    private static void appendXids(StringBuilder page, List<GpuSummary> gpus) {
        if (gpus.stream().allMatch(gpu -> gpu.xids().isEmpty())) {
            return;
        }
        page.append("<div class='note xids'><h2>Xids of the last hour</h2>");
        for (GpuSummary gpu : gpus) {
            gpu.xidTexts().forEach(xid -> page.append("<p>GPU ")
                    .append(gpu.index())
                    .append(": ")
                    .append(escaped(xid))
                    .append("</p>"));
        }
        page.append("</div>");
    }

    private static String style(Condition condition) {
        return condition.isBad() ? "bad" : condition.state() == Condition.State.WARN ? "warn" : "";
    }

    private static String health(Condition condition) {
        return (condition.isLost() ? "lost: " : "") + condition.words();
    }

    private static boolean isHeld(GpuSummary gpu) {
        return !gpu.workloadText().isEmpty()
                || gpu.mig().stream().anyMatch(part -> !part.workloadText().isEmpty());
    }

    private static boolean isFree(GpuSummary gpu) {
        return gpu.offered() && !gpu.condition().isLost() && !isHeld(gpu);
    }

    /** A GPU that is cut up is given in parts, each with a row of its own. */
    private static String workload(GpuSummary gpu) {
        return holder(gpu.shared(), gpu.workloadText(), isFree(gpu) && gpu.mig().isEmpty());
    }

    private static void note(StringBuilder page, String style, String text) {
        page.append("<p class='note")
                .append(style)
                .append("'>")
                .append(escaped(text))
                .append("</p>");
    }

    private static void cell(StringBuilder page, String style, String text) {
        page.append("<td class='")
                .append(style)
                .append("'>")
                .append(escaped(text))
                .append("</td>");
    }

    /** With a bar below it where it is a part of something. */
    private static void number(
            StringBuilder page, String name, String text, OptionalDouble part, OptionalDouble whole) {
        page.append("<td class='n ").append(name).append("' data-name=").append(name);
        if (part.isPresent() && whole.orElse(0) > 0) {
            double ratio = Math.min(1, Math.max(0, part.getAsDouble() / whole.getAsDouble()));
            page.append(" style='--full:").append(Math.round(ratio * 100)).append("%'");
        }
        page.append('>').append(escaped(text)).append("</td>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** The pattern is read when somebody looks, which on most nodes is never. */
    private static String time(Instant when) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(when);
    }
}
