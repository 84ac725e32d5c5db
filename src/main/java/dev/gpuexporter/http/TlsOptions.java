package dev.gpuexporter.http;

import dev.gpuexporter.config.WebConfig.Tls;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.LinkedHashSet;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** What Vert.x is told of TLS; all of it is done by the JDK's own engine. */
final class TlsOptions {
    private static final char[] IN_MEMORY_ONLY = new char[0];

    private TlsOptions() {}

    /** @throws GeneralSecurityException where Java cannot serve with that certificate */
    static ServerSSLOptions of(Tls tls, boolean http2) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        store.setKeyEntry("server", tls.key(), IN_MEMORY_ONLY, tls.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, IN_MEMORY_ONLY);
        ServerSSLOptions options = new ServerSSLOptions()
                .setKeyCertOptions(KeyCertOptions.wrap(keys))
                .setUseAlpn(http2)
                .setClientAuth(
                        switch (tls.clientAuth()) {
                            case NO_CLIENT_CERT -> ClientAuth.NONE;
                            case REQUEST_CLIENT_CERT, VERIFY_CLIENT_CERT_IF_GIVEN -> ClientAuth.REQUEST;
                            case REQUIRE_ANY_CLIENT_CERT, REQUIRE_AND_VERIFY_CLIENT_CERT -> ClientAuth.REQUIRED;
                        })
                .setTrustOptions(TrustOptions.wrap(ClientTrust.of(tls)))
                .setEnabledSecureTransportProtocols(new LinkedHashSet<>(tls.protocols()));
        if (!tls.cipherSuites().isEmpty()) {
            Stream.concat(ofTls13(), tls.cipherSuites().stream()).forEach(options::addEnabledCipherSuite);
        }
        return options;
    }

    /** They are not for choosing, as in Prometheus: the list is for TLS 1.2. */
    private static Stream<String> ofTls13() throws GeneralSecurityException {
        return Stream.of(SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites())
                .filter(suite -> suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_"));
    }

    static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, IN_MEMORY_ONLY);
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
