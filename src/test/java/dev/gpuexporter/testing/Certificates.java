package dev.gpuexporter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** Certificates and keys of the test's own, made by the JDK's keytool and written in PEM. */
public final class Certificates {
    /** Of the store and its keys. */
    public static final String PASSWORD = "only-for-this-test";

    private final Path directory;
    private final Path store;
    private final List<String> algorithm;

    /**
     * With keys of elliptic curves, which are made in no time.
     *
     * @param directory for its files
     */
    public Certificates(Path directory) {
        this(directory, List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    }

    /** With RSA keys. */
    public static Certificates ofRsa(Path directory) {
        return new Certificates(directory, List.of("-keyalg", "RSA", "-keysize", "2048"));
    }

    private Certificates(Path directory, List<String> algorithm) {
        this.directory = directory;
        this.algorithm = algorithm;
        this.store = directory.resolve("store.p12");
    }

    /** One that signs itself, for 127.0.0.1 and localhost. */
    public Certificates server(String name) {
        keytool(generate(name, "-ext", "san=ip:127.0.0.1,dns:localhost"));
        return written(name);
    }

    /** One that may sign others. */
    public Certificates authority(String name) {
        keytool(generate(name, "-ext", "bc:c"));
        return written(name);
    }

    /** One that an authority signed, with a DNS name. */
    public Certificates client(String name, String authority, String dns) {
        keytool(generate(name));
        String request = directory.resolve(name + ".csr").toString();
        String answer = directory.resolve(name + ".signed").toString();
        keytool(List.of("-certreq", "-alias", name, "-file", request));
        keytool(List.of(
                "-gencert",
                "-alias",
                authority,
                "-infile",
                request,
                "-outfile",
                answer,
                "-ext",
                "san=dns:" + dns,
                "-ext",
                "eku=clientAuth"));
        keytool(List.of("-importcert", "-noprompt", "-alias", name, "-file", answer));
        return written(name);
    }

    private List<String> generate(String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", name, "-dname", "CN=" + name));
        arguments.addAll(algorithm);
        arguments.addAll(List.of(more));
        return arguments;
    }

    private void keytool(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        command.addAll(arguments);
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        Command.run(command);
    }

    private Certificates written(String name) {
        try {
            KeyStore all = open();
            StringBuilder chain = new StringBuilder();
            for (Certificate one : all.getCertificateChain(name)) {
                chain.append(pem("CERTIFICATE", one.getEncoded()));
            }
            Files.writeString(certificate(name), chain);
            Files.writeString(
                    key(name),
                    pem("PRIVATE KEY", all.getKey(name, PASSWORD.toCharArray()).getEncoded()));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private KeyStore open() throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    /** As a file has it. */
    public static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    /** Where all of them are, in PKCS #12. */
    public Path store() {
        return store;
    }

    public Path certificate(String name) {
        return directory.resolve(name + ".crt");
    }

    public Path key(String name) {
        return directory.resolve(name + ".key");
    }

    /** The certificate itself. */
    public Certificate of(String name) {
        try {
            return open().getCertificate(name);
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Of a client that trusts this server, and shows the certificate that may follow. */
    public SSLContext trusting(String server, String... own) {
        try {
            KeyStore all = open();
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(server, all.getCertificate(server));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            KeyManager[] keys = null;
            if (own.length > 0) {
                KeyStore its = KeyStore.getInstance("PKCS12");
                its.load(null, null);
                char[] password = PASSWORD.toCharArray();
                its.setKeyEntry(own[0], all.getKey(own[0], password), password, all.getCertificateChain(own[0]));
                KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
                factory.init(its, password);
                keys = new KeyManager[] {new Insisting((X509ExtendedKeyManager) factory.getKeyManagers()[0], own[0])};
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Of a server that has every certificate made so far, and shows the first that will do. */
    public SSLContext serving() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
            keys.init(open(), PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Shows its certificate also to a server that says it knows nobody who signed it. */
    private static final class Insisting extends X509ExtendedKeyManager {
        private final X509ExtendedKeyManager keys;
        private final String alias;

        Insisting(X509ExtendedKeyManager keys, String alias) {
            this.keys = keys;
            this.alias = alias;
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            return alias;
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return alias;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {alias};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String name) {
            return keys.getCertificateChain(name);
        }

        @Override
        public PrivateKey getPrivateKey(String name) {
            return keys.getPrivateKey(name);
        }
    }

    public HttpClient http(String server, String... own) {
        return HttpClient.newBuilder().sslContext(trusting(server, own)).build();
    }
}
