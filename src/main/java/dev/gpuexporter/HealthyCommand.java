package dev.gpuexporter;

import dev.gpuexporter.config.ListenAddress;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.config.SettingsLoader.Flag;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Asks the exporter of this machine whether it is alive: in an image without a shell, nothing else could. */
@Command(
        name = "healthy",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        description = "Asks /-/healthy of the exporter that runs here, where its configuration says that it listens.",
        footer = {"", "Exit codes: 0 it is alive, 1 it is not, 2 what was asked for cannot be meant."})
final class HealthyCommand implements Callable<Integer> {
    /** For connecting, and again for the answer; one that is alive takes milliseconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration that the exporter was given.")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--listen", paramLabel = "ADDRESS:PORT", description = "Where it was told to listen.")
    private Optional<String> listen = Optional.empty();

    @Override
    public Integer call() throws IOException {
        URL url = URI.create("http://" + address().fromThisMachine() + "/-/healthy")
                .toURL();
        String answer = ask(url);
        if (!answer.equals("200")) {
            throw new CannotServeException(url + ": " + answer);
        }
        System.out.println(url + ": alive");
        return 0;
    }

    /** What is odd about the settings the exporter itself has said when it started. */
    private ListenAddress address() {
        List<Flag> flags = listen.map(address -> List.of(new Flag("--listen", "listen", address)))
                .orElse(List.of());
        return new SettingsLoader()
                .load(config, System.getenv(), flags)
                .settings()
                .listen();
    }

    /** The status, or why there is none; with what java.base has, which starts no threads. */
    private static String ask(URL url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout((int) PATIENCE.toMillis());
        connection.setReadTimeout((int) PATIENCE.toMillis());
        connection.setInstanceFollowRedirects(false);
        try {
            int status = connection.getResponseCode();
            return status < 0 ? "what answers does not speak HTTP" : Integer.toString(status);
        } catch (SocketTimeoutException e) {
            return "no answer within " + PATIENCE.toSeconds() + " s";
        } catch (IOException e) {
            return e.getMessage();
        } finally {
            connection.disconnect();
        }
    }
}
