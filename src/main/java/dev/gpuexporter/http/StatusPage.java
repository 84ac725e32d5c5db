package dev.gpuexporter.http;

import dev.gpuexporter.attribution.GpuSummary;
import dev.gpuexporter.attribution.MigSummary;
import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.collection.DeviceReading;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/** The node at a glance, as one page of HTML without scripts or outside assets. */
final class StatusPage {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Duration XIDS_ARE_NEWS = Duration.ofHours(1);

    private final boolean simulated;
    private final String version;
    private final long refreshSeconds;

    StatusPage(boolean simulated, String version, long refreshSeconds) {
        this.simulated = simulated;
        this.version = version;
        this.refreshSeconds = Math.max(1, refreshSeconds);
    }

    String render(NodeView node, boolean fresh) {
        List<Row> rows = rows(node);
        long bad = rows.stream().filter(row -> row.health.isBad()).count();
        StringBuilder page = new StringBuilder(8192);
        page.append("<!doctype html><html lang=en><head><meta charset=utf-8><title>")
                .append(bad > 0 ? bad + " of " + rows.size() + " GPUs in trouble · " : "")
                .append("gpu-exporter</title>")
                .append("<meta name=viewport content='width=device-width,initial-scale=1'>")
                .append("<link rel=icon href='data:,'><meta http-equiv=refresh content=")
                .append(refreshSeconds)
                .append("><style>")
                .append(StatusPageStyle.CSS)
                .append("</style></head><body><h1>gpu-exporter</h1>");
        appendNotes(page, node, fresh);
        page.append("<p id=sum><b>").append(escaped(node.snapshot().models())).append("</b>");
        if (!rows.isEmpty()) {
            page.append(counted(rows.stream().filter(Row::isHeld).count(), "held"))
                    .append(counted(rows.stream().filter(Row::isFree).count(), "free"));
        }
        if (bad > 0) {
            page.append(" · <b class=bad>").append(bad).append(" in trouble</b>");
        }
        page.append("</p>");
        appendTable(page, rows);
        appendXids(page, rows);
        return page.append("<p class=soft>")
                .append(
                        node.snapshot().time().equals(Instant.EPOCH)
                                ? "Nothing has been read yet"
                                : "Read at <span id=time>"
                                        + TIME.format(node.snapshot().time()) + "</span>")
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

    private static List<Row> rows(NodeView node) {
        List<GpuSummary> gpus = GpuSummary.of(node);
        List<DeviceReading> devices = node.snapshot().devices();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < gpus.size(); i++) {
            GpuSummary gpu = gpus.get(i);
            boolean offered = node.allocatable()
                    .filter(uuids -> uuids.contains(gpu.uuid()))
                    .isPresent();
            boolean heldBack = !offered && node.allocatable().isPresent();
            SortedMap<Integer, Instant> xids =
                    newXids(devices.get(i), node.snapshot().time());
            StatusPageHealth health = StatusPageHealth.of(gpu, devices.get(i), heldBack, xids.keySet());
            rows.add(new Row(gpu, devices.get(i), health, offered, xids));
        }
        return rows;
    }

    private static void appendTable(StringBuilder page, List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        page.append("<table><thead><tr><th>GPU</th><th>Model</th><th class=n>Utilization</th><th class=n>Memory</th>")
                .append(
                        "<th class=n>Temperature</th><th class=n>Power</th><th>Health</th><th>Workload</th></tr></thead>")
                .append("<tbody>");
        for (Row row : rows) {
            GpuSummary gpu = row.gpu;
            page.append(row.health.isBad() ? "<tr class=hurt>" : "<tr>");
            cell(page, "gpu", Integer.toString(gpu.index()));
            cell(page, "model", gpu.model());
            number(page, "use", gpu.utilizationText(), gpu.utilizationRatio(), OptionalDouble.of(1));
            number(page, "memory", gpu.memoryText(), gpu.memoryUsedBytes(), gpu.memoryTotalBytes());
            number(page, "temp", gpu.temperatureText(), OptionalDouble.empty(), OptionalDouble.empty());
            number(page, "power", gpu.powerText(), gpu.powerWatts(), gpu.powerLimitWatts());
            cell(page, ("health " + row.health.style()).strip(), row.health.words());
            cell(page, "workload", row.workload());
            page.append("</tr>");
            gpu.mig().forEach(part -> appendPart(page, part, row.offered));
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
    private static void appendXids(StringBuilder page, List<Row> rows) {
        if (rows.stream().allMatch(row -> row.xids.isEmpty())) {
            return;
        }
        page.append("<div class='note xids'><h2>Xids of the last hour</h2>");
        for (Row row : rows) {
            row.xids.forEach((number, time) -> row.hits(number, time).forEach(hit -> page.append("<p>GPU ")
                    .append(row.gpu.index())
                    .append(": ")
                    .append(escaped(hit))
                    .append("</p>")));
        }
        page.append("</div>");
    }

    private static SortedMap<Integer, Instant> newXids(DeviceReading device, Instant now) {
        SortedMap<Integer, Instant> xids = new TreeMap<>();
        device.history().xids().forEach((number, seen) -> seen.last()
                .filter(time -> time.plus(XIDS_ARE_NEWS).isAfter(now))
                .ifPresent(time -> xids.put(number, time)));
        return xids;
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

    /**
     * One GPU.
     *
     * @param offered whether the kubelet has it, or parts of it, to give
     * @param xids of the last hour, and when each last came
     */
    private record Row(
            GpuSummary gpu,
            DeviceReading device,
            StatusPageHealth health,
            boolean offered,
            SortedMap<Integer, Instant> xids) {
        boolean isHeld() {
            return !gpu.workloadText().isEmpty()
                    || gpu.mig().stream().anyMatch(part -> !part.workloadText().isEmpty());
        }

        boolean isFree() {
            return offered && device.isUp() && !isHeld();
        }

        /** A GPU that is cut up is given in parts, each with a row of its own. */
        String workload() {
            return holder(
                    gpu.shared(), gpu.workloadText(), isFree() && gpu.mig().isEmpty());
        }

        /** A line for each that held the GPU then; one where nobody did. */
        List<String> hits(int number, Instant time) {
            String words = "Xid " + number + " at ";
            List<String> hits =
                    gpu.xids().stream().filter(xid -> xid.startsWith(words)).toList();
            return hits.isEmpty() ? List.of(words + time.truncatedTo(ChronoUnit.SECONDS)) : hits;
        }
    }
}
