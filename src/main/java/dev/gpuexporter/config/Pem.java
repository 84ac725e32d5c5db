package dev.gpuexporter.config;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys in PEM, as OpenSSL and cert-manager write them. The messages say what is wrong with a file. */
final class Pem {
    private static final Pattern BLOCK = Pattern.compile("(?s)-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----");

    /** AlgorithmIdentifier of RFC 8017: rsaEncryption, with NULL. */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    /** Object identifier of RFC 5480: id-ecPublicKey. */
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private Pem() {}

    private record Block(String type, byte[] der) {}

    private static List<Block> blocks(byte[] file) throws GeneralSecurityException {
        List<Block> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1));
        while (found.find()) {
            if (found.group(2).contains("ENCRYPTED")) { // a header of OpenSSL's older form
                throw new GeneralSecurityException("has a key that is encrypted");
            }
            try {
                blocks.add(new Block(
                        found.group(1),
                        Base64.getDecoder().decode(found.group(2).replaceAll("\\s", ""))));
            } catch (IllegalArgumentException e) {
                throw new GeneralSecurityException("has a " + found.group(1) + " that is no base64");
            }
        }
        return blocks;
    }

    /** All in the file, in their order; at least one. */
    static List<X509Certificate> certificates(byte[] file) throws GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.type.equals("CERTIFICATE")) {
                try {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.der)));
                } catch (GeneralSecurityException e) {
                    throw new GeneralSecurityException("has a certificate that cannot be read");
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("has no certificate in PEM");
        }
        return List.copyOf(certificates);
    }

    /** The first key of the file. */
    static PrivateKey key(byte[] file) throws GeneralSecurityException {
        for (Block block : blocks(file)) {
            switch (block.type) {
                case "PRIVATE KEY" -> {
                    return ofAnyKind(block.der);
                }
                case "RSA PRIVATE KEY" -> {
                    return ofAnyKind(pkcs8(RSA, block.der));
                }
                case "EC PRIVATE KEY" -> {
                    return ofAnyKind(pkcs8(der(0x30, EC, curve(block.der)), block.der));
                }
                case "ENCRYPTED PRIVATE KEY" -> throw new GeneralSecurityException("has a key that is encrypted");
                default -> {
                    // EC PARAMETERS stand before a key, and certificates may be in the same file
                }
            }
        }
        throw new GeneralSecurityException("has no private key in PEM");
    }

    private static PrivateKey ofAnyKind(byte[] pkcs8) throws GeneralSecurityException {
        for (String kind : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // of another kind
            }
        }
        throw new GeneralSecurityException("has a key that is neither RSA, EC nor Ed25519, or cannot be read");
    }

    /** Whether what the one signs is the other's. */
    static boolean match(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                });
        signature.initSign(key);
        signature.update(VERSION_0);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(VERSION_0);
        try {
            return signature.verify(signed);
        } catch (SignatureException ofAnotherSize) {
            return false;
        }
    }

    /** PrivateKeyInfo of RFC 5208 around a key in the form of its own kind. */
    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return der(0x30, VERSION_0, algorithm, der(0x04, key));
    }

    /** The parameters of ECPrivateKey of RFC 5915: SEQUENCE { version, key, [0] curve, … }. */
    private static byte[] curve(byte[] key) throws GeneralSecurityException {
        try {
            int version = content(key, 0);
            int octets = end(key, version);
            int parameters = end(key, octets);
            if (key[parameters] == (byte) 0xa0 && end(key, parameters) <= key.length) {
                return Arrays.copyOfRange(key, content(key, parameters), end(key, parameters));
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException cut) {
            // said below
        }
        throw new GeneralSecurityException("has an EC key that does not name its curve, or cannot be read");
    }

    /** Where the content of the element at this place begins. */
    private static int content(byte[] der, int at) {
        return at + 2 + (der[at + 1] < 0 ? der[at + 1] & 0x7f : 0);
    }

    private static int end(byte[] der, int at) {
        int length = der[at + 1];
        if (length < 0) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | der[at + 2 + i] & 0xff;
            }
        }
        return Math.addExact(content(der, at), length);
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.write(tag);
        int length = content.size();
        if (length < 0x80) {
            der.write(length);
        } else {
            der.write(length < 0x100 ? 0x81 : 0x82);
            if (length >= 0x100) {
                der.write(length >> 8);
            }
            der.write(length);
        }
        der.writeBytes(content.toByteArray());
        return der.toByteArray();
    }
}
