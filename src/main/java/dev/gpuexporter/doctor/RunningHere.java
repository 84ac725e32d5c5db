package dev.gpuexporter.doctor;

import dev.gpuexporter.config.ListenAddress;
import dev.gpuexporter.config.Settings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The exporter that runs on this machine, asked what anybody may ask it. Its certificate is not verified, as a kubelet
 * does not: nothing secret is sent, and one that just expired is no reason to restart what works. Only java.base is used,
 * which starts no threads.
 */
public final class RunningHere {
    /** For connecting, and again for the answer; one that is alive takes milliseconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int MOST_BYTES = 4096;

    private final ListenAddress address;
    private final boolean maybeTls;

    /** Where its settings say that it answers probes. */
    public static RunningHere forProbes(Settings settings) {
        return settings.web()
                .probeListen()
                .map(address -> new RunningHere(address, false))
                .orElseGet(() -> onItsPort(settings));
    }

    /** Where its settings say that it answers everything. */
    static RunningHere onItsPort(Settings settings) {
        return new RunningHere(settings.listen(), settings.web().configFile().isPresent());
    }

    /** There, by TLS before all else, whatever its settings say: the exporter may have others than who asks. */
    static RunningHere byTls(Settings settings) {
        return new RunningHere(settings.listen(), true);
    }

    private RunningHere(ListenAddress address, boolean maybeTls) {
        this.address = address.fromThisMachine();
        this.maybeTls = maybeTls;
    }

    /**
     * What it said.
     *
     * @param status of HTTP; 0 where there was none
     * @param text the body, or why there is none
     * @param refusesTls whether it speaks TLS, and, as it seems, not with us
     */
    public record Answer(String url, int status, String text, boolean refusesTls) {
        Answer(String url, int status, String text) {
            this(url, status, text, false);
        }
    }

    /** A web configuration file need not ask for TLS: where plain HTTP is spoken, that is spoken. */
    public Answer ask(String path) throws IOException {
        if (maybeTls) {
            try {
                return ask("https", path);
            } catch (SSLHandshakeException refused) {
                return unwelcome(url("https", path), "TLS is refused", refused);
            } catch (SSLException notOurs) {
                Answer plain = ask("http", path);
                return plain.status() == 0 && notOurs.getCause() instanceof SocketException
                        ? unwelcome(url("https", path), "TLS broke off", notOurs)
                        : plain;
            }
        }
        return ask("http", path);
    }

    private URL url(String scheme, String path) throws IOException {
        return URI.create(scheme + "://" + address + path).toURL();
    }

    private Answer ask(String scheme, String path) throws IOException {
        URL url = url(scheme, path);
        HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout((int) PATIENCE.toMillis());
        connection.setReadTimeout((int) PATIENCE.toMillis());
        connection.setInstanceFollowRedirects(false);
        if (connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(unverified().getSocketFactory());
            https.setHostnameVerifier((host, session) -> true);
        }
        try {
            int status = connection.getResponseCode();
            return status < 0
                    ? new Answer(url.toString(), 0, "what answers does not speak HTTP")
                    : answered(connection, status);
        } catch (SSLException e) {
            throw e;
        } catch (SocketTimeoutException e) {
            return new Answer(url.toString(), 0, "no answer within " + PATIENCE.toSeconds() + " s");
        } catch (UnknownHostException e) {
            return new Answer(url.toString(), 0, "no such address");
        } catch (ConnectException | NoRouteToHostException e) {
            return new Answer(url.toString(), 0, e.getMessage());
        } catch (IOException e) {
            // By TLS 1.3 a server that misses a certificate says so when all seems well; writing may fail before it is
            // heard.
            return connection instanceof HttpsURLConnection
                    ? unwelcome(url, "TLS broke off", e)
                    : new Answer(url.toString(), 0, String.valueOf(e.getMessage()));
        } finally {
            connection.disconnect();
        }
    }

    private static Answer unwelcome(URL url, String what, IOException why) {
        return new Answer(
                url.toString(),
                0,
                what + " (" + why.getMessage() + "); where it wants client certificates, set web.probe-listen",
                true);
    }

    /** Whoever has begun to answer had nothing against us. */
    private static Answer answered(HttpURLConnection connection, int status) {
        String url = connection.getURL().toString();
        if (status >= 400) {
            return new Answer(url, status, "");
        }
        try {
            return new Answer(
                    url,
                    status,
                    new String(connection.getInputStream().readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new Answer(url, 0, "the answer broke off (" + e.getMessage() + ")");
        }
    }

    private static SSLContext unverified() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
