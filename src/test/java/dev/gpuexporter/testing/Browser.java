package dev.gpuexporter.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A Chromium without a window and with one page, told what to do over its DevTools protocol. */
public final class Browser implements AutoCloseable {
    private static final String PORT_FILE = "DevToolsActivePort";
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** Starts it; the directory takes its profile and its log. */
    public Browser(Path directory) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Tool.CHROMIUM.require().toString(),
                "--headless=new",
                "--no-sandbox", // a build in a container has no rights to make one
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + directory,
                "about:blank"));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("chromium.log").toFile())
                .start();
        try {
            Path portFile = directory.resolve(PORT_FILE);
            Eventually.holds("Chromium says where it listens", () -> process.isAlive() && Files.exists(portFile));
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(page(portFile), new Answers())
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
            tell("Page.enable", new JsonObject());
            tell("Network.enable", new JsonObject());
        } catch (RuntimeException | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static URI page(Path portFile) {
        String[] found = new String[1];
        Eventually.holds("Chromium has a page", () -> {
            try {
                String port = Files.readAllLines(portFile).get(0);
                String pages = HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body();
                found[0] = new io.vertx.core.json.JsonArray(pages)
                        .stream()
                                .map(JsonObject.class::cast)
                                .filter(page -> page.getString("type").equals("page"))
                                .map(page -> page.getString("webSocketDebuggerUrl"))
                                .findFirst()
                                .orElse(null);
                return found[0] != null;
            } catch (IOException | IndexOutOfBoundsException e) { // it has not written the port, or does not listen yet
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
        return URI.create(found[0]);
    }

    /** The window's size in CSS pixels. */
    public void resize(int width, int height) {
        tell(
                "Emulation.setDeviceMetricsOverride",
                new JsonObject()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", width < 600));
    }

    /** {@code light} or {@code dark}. */
    public void prefer(String scheme) {
        tell(
                "Emulation.setEmulatedMedia",
                new JsonObject().put("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Pages run no script from now on; {@link #evaluate} still does. */
    public void forbidScripts() {
        tell("Emulation.setScriptExecutionDisabled", new JsonObject().put("value", true));
    }

    /** Loads a page and forgets what was requested before; its parts may come later. */
    public void open(String url) {
        requests.clear();
        tell("Page.navigate", new JsonObject().put("url", url));
        Eventually.holds(
                url + " is loaded",
                () -> url.equals(evaluate("location.href")) && "complete".equals(evaluate("document.readyState")));
    }

    /** The value of a JavaScript expression in the page: text, a number, a flag or null. */
    public Object evaluate(String expression) {
        JsonObject result = tell(
                "Runtime.evaluate",
                new JsonObject().put("expression", expression).put("returnByValue", true));
        if (result.containsKey("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.getJsonObject("exceptionDetails"));
        }
        return result.getJsonObject("result").getValue("value");
    }

    /** Every URL that the page has asked for since it was opened. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** What the window shows, as PNG. */
    public void picture(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        String data = tell("Page.captureScreenshot", new JsonObject().put("format", "png"))
                .getString("data");
        Files.write(file, Base64.getDecoder().decode(data));
    }

    private JsonObject tell(String method, JsonObject parameters) {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(
                        new JsonObject()
                                .put("id", id)
                                .put("method", method)
                                .put("params", parameters)
                                .encode(),
                        true)
                .join();
        JsonObject message =
                answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (message.containsKey("error")) {
            throw new AssertionError(method + ": " + message.getJsonObject("error"));
        }
        return message.getJsonObject("result");
    }

    /** Ends it and every process that it started, so that nothing writes into its directory any more. */
    @Override
    public void close() throws InterruptedException {
        socket.abort();
        List<ProcessHandle> processes = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        process.destroy();
        CompletableFuture<?> ends = CompletableFuture.allOf(
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
        try {
            ends.get(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            processes.forEach(ProcessHandle::destroyForcibly);
            ends.join();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Puts the parts of messages together, and hands each to who asked. */
    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                accept(new JsonObject(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void accept(JsonObject message) {
            CompletableFuture<JsonObject> asked = answers.remove(message.getInteger("id", 0));
            if (asked != null) {
                asked.complete(message);
            } else if ("Network.requestWillBeSent".equals(message.getString("method"))) {
                requests.add(
                        message.getJsonObject("params").getJsonObject("request").getString("url"));
            }
        }
    }
}
