package dev.gpuexporter.http;

import dev.gpuexporter.attribution.GpuSummary;
import dev.gpuexporter.attribution.MigSummary;
import dev.gpuexporter.attribution.NodeView;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The node at a glance, as one page of HTML without scripts or outside assets. */
final class StatusPage {
    private static final String STYLE = """
            :root{color-scheme:light dark;--line:#8884;--bad:#c22;--bar:#3a7bd5}
            body{font:16px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:70rem;padding:0 1rem}
            h1{font-size:1.3rem;margin:0}p{margin:.3rem 0}nav a{margin-right:1rem}
            table{border-collapse:collapse;width:100%;margin-top:1rem}
            th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
            td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
            .part td:first-child,.part td:nth-child(2){padding-left:1.6rem}
            .bad{color:var(--bad);font-weight:600}.note{padding:.4rem .7rem;border-left:4px solid var(--bar)}
            @media(max-width:40rem){thead{display:none}tr{display:block;padding:.6rem 0;border-bottom:1px solid var(--line)}
            td,td.n{display:flex;justify-content:space-between;gap:1rem;border:0;padding:.1rem 0;text-align:right}
            td::before{content:attr(data-name);font-weight:600;text-align:left}}
            """;

    private final boolean simulated;
    private final String version;
    private final long refreshSeconds;

    StatusPage(boolean simulated, String version, long refreshSeconds) {
        this.simulated = simulated;
        this.version = version;
        this.refreshSeconds = Math.max(1, refreshSeconds);
    }

    String render(NodeView node, boolean fresh) {
        StringBuilder page = new StringBuilder(8192);
        page.append("<!doctype html><html lang=en><head><meta charset=utf-8><title>gpu-exporter</title>")
                .append("<meta name=viewport content='width=device-width,initial-scale=1'>")
                .append("<meta http-equiv=refresh content=")
                .append(refreshSeconds)
                .append('>')
                .append("<style>")
                .append(STYLE)
                .append("</style></head><body>")
                .append("<h1>gpu-exporter</h1><p>")
                .append(escaped(version))
                .append("</p>")
                .append(
                        "<nav><a href=/metrics>metrics</a><a href=/-/ready>ready</a><a href=/-/healthy>healthy</a></nav>");
        if (simulated) {
            page.append("<p class=note>These GPUs are simulated.</p>");
        }
        node.snapshot().nvmlProblem().ifPresent(problem -> page.append("<p class='note bad'>NVML: ")
                .append(escaped(problem))
                .append("</p>"));
        node.uses().unseen().ifPresent(why -> page.append("<p class=note>What each pod uses of a GPU is left out: ")
                .append(escaped(why))
                .append("</p>"));
        if (!fresh) {
            page.append("<p class='note bad'>No fresh readings.</p>");
        }
        List<GpuSummary> gpus = GpuSummary.of(node);
        appendTable(page, gpus);
        appendXids(page, gpus);
        return page.append("<p>Read at ")
                .append(node.snapshot().time().truncatedTo(ChronoUnit.SECONDS))
                .append("</p></body></html>")
                .toString();
    }

    private static void appendTable(StringBuilder page, List<GpuSummary> gpus) {
        page.append("<table><thead><tr><th>GPU</th><th>Model</th><th class=n>Utilization</th><th class=n>Memory</th>")
                .append(
                        "<th class=n>Temperature</th><th class=n>Power</th><th>Health</th><th>Workload</th></tr></thead>")
                .append("<tbody>");
        for (GpuSummary gpu : gpus) {
            boolean lost = gpu.health().equals("lost");
            page.append("<tr>");
            cell(page, "GPU", "", Integer.toString(gpu.index()));
            cell(page, "Model", "", gpu.model());
            cell(page, "Utilization", "n", gpu.utilizationText());
            cell(page, "Memory", "n", gpu.memoryText());
            cell(page, "Temperature", "n", gpu.temperatureText());
            cell(page, "Power", "n", gpu.powerText());
            cell(page, "Health", lost ? "bad" : "", lost ? "lost: " + gpu.problem() : gpu.healthText());
            cell(page, "Workload", "", (gpu.shared() ? "shared: " : "") + gpu.workloadText());
            page.append("</tr>");
            gpu.mig().forEach(part -> appendPart(page, part));
        }
        page.append("</tbody></table>");
    }

    private static void appendPart(StringBuilder page, MigSummary part) {
        page.append("<tr class=part>");
        cell(page, "GPU", "", part.name());
        cell(page, "Model", "", "MIG " + part.profile());
        cell(page, "Utilization", "n", part.activeText());
        cell(page, "Memory", "n", part.memoryText());
        cell(page, "Temperature", "n", "");
        cell(page, "Power", "n", "");
        cell(page, "Health", "", "");
        cell(page, "Workload", "", (part.shared() ? "shared: " : "") + part.workloadText());
        page.append("</tr>");
    }

    /** Whom the Xids of the last hour have hit, whether that one is still there or not. */
    private static void appendXids(StringBuilder page, List<GpuSummary> gpus) {
        for (GpuSummary gpu : gpus) {
            for (String xid : gpu.xids()) {
                page.append("<p class=note>GPU ")
                        .append(gpu.index())
                        .append(": ")
                        .append(escaped(xid))
                        .append("</p>");
            }
        }
    }

    private static void cell(StringBuilder page, String name, String style, String text) {
        page.append("<td data-name='").append(name).append('\'');
        if (!style.isEmpty()) {
            page.append(" class=").append(style);
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
}
