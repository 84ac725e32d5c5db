package dev.gpuexporter.http;

import dev.gpuexporter.config.WebConfig.Tls;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whose certificates are taken: anybody's, or those that our authorities signed, for one of the names that may come. */
final class ClientTrust extends X509ExtendedTrustManager {
    /** RFC 5280: rfc822Name, dNSName, uniformResourceIdentifier, iPAddress. */
    private static final Set<Integer> NAMES = Set.of(1, 2, 6, 7);

    private final Optional<X509ExtendedTrustManager> authorities;
    private final Set<String> names;

    private ClientTrust(Optional<X509ExtendedTrustManager> authorities, Set<String> names) {
        this.authorities = authorities;
        this.names = names;
    }

    static ClientTrust of(Tls tls) throws GeneralSecurityException {
        return new ClientTrust(
                tls.clientAuth().verified() ? Optional.of(signedBy(tls.clientCas())) : Optional.empty(),
                tls.clientSans());
    }

    private static X509ExtendedTrustManager signedBy(List<X509Certificate> authorities)
            throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        KeyStore store = TlsOptions.emptyStore();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca" + i, authorities.get(i));
        }
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager pkix) {
                return pkix;
            }
        }
        throw new GeneralSecurityException("this Java cannot verify certificates");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (authorities.isPresent()) {
            authorities.get().checkClientTrusted(chain, authType, engine);
        }
        if (!names.isEmpty() && !hasOneOf(names, chain[0])) {
            throw new CertificateException("none of its names may come");
        }
    }

    private static boolean hasOneOf(Set<String> names, X509Certificate certificate) throws CertificateException {
        Collection<List<?>> its = certificate.getSubjectAlternativeNames();
        return its != null
                && its.stream()
                        .anyMatch(name -> NAMES.contains((Integer) name.get(0))
                                && name.get(1) instanceof String text
                                && names.contains(text));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.map(X509ExtendedTrustManager::getAcceptedIssuers).orElse(new X509Certificate[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checkClientTrusted(chain, authType, (SSLEngine) null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType, (SSLEngine) null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }
}
