package dev.gpuexporter.exposition;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How a scrape is answered.
 *
 * @param openMetrics OpenMetrics 1.0, or else Prometheus' text 0.0.4
 * @param escaping what the client asked for by {@code escaping=}, echoed; our names need none
 */
public record Format(boolean openMetrics, Optional<String> escaping) {
    public static final Format TEXT = new Format(false, Optional.empty());
    private static final Set<String> ESCAPINGS = Set.of("allow-utf-8", "underscores", "dots", "values");

    /** The value of Content-Type. */
    public String contentType() {
        String type = openMetrics
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
        return escaping.map(scheme -> type + "; escaping=" + scheme).orElse(type);
    }

    /**
     * The best of what the client accepts and we speak; whoever accepts neither, or sends what cannot be read, gets
     * text 0.0.4.
     *
     * @param accept the header, or null
     */
    public static Format negotiate(String accept) {
        Format best = TEXT;
        double bestQuality = 0;
        for (MediaRange range : MediaRange.parse(accept)) {
            Optional<Format> format = range.format();
            if (format.isPresent() && range.quality() > bestQuality) {
                best = format.get();
                bestQuality = range.quality();
            }
        }
        return best;
    }

    /** Whether the client takes gzip; {@code acceptEncoding} is the header, or null. */
    public static boolean acceptsGzip(String acceptEncoding) {
        return MediaRange.parse(acceptEncoding).stream()
                .anyMatch(range -> range.type().equals("gzip") && range.quality() > 0);
    }

    /** One part of an Accept header. */
    private record MediaRange(String type, Optional<String> version, Optional<String> escaping, double quality) {
        private static final int MOST = 64;

        static List<MediaRange> parse(String header) {
            List<MediaRange> ranges = new ArrayList<>();
            // No media type has other letters; some of them take Java a time that grows with the square of their
            // number.
            if (header == null || !StandardCharsets.US_ASCII.newEncoder().canEncode(header)) {
                return ranges;
            }
            for (String part : header.toLowerCase(Locale.ROOT).split(",", MOST)) {
                String[] parameters = part.split(";", MOST);
                Optional<String> version = Optional.empty();
                Optional<String> escaping = Optional.empty();
                double quality = 1;
                for (int i = 1; i < parameters.length; i++) {
                    String[] nameAndValue = parameters[i].strip().split("=", 2);
                    String value =
                            nameAndValue.length == 2 ? nameAndValue[1].strip().replace("\"", "") : "";
                    switch (nameAndValue[0].strip()) {
                        case "version" -> version = Optional.of(value);
                        case "escaping" -> escaping = Optional.of(value).filter(ESCAPINGS::contains);
                        case "q" -> quality = quality(value);
                        default -> {}
                    }
                }
                ranges.add(new MediaRange(parameters[0].strip(), version, escaping, quality));
            }
            return ranges;
        }

        /** 0 to 1; what is neither is not accepted. */
        private static double quality(String text) {
            return text.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(text) : 0;
        }

        Optional<Format> format() {
            return switch (type) {
                case "application/openmetrics-text" ->
                    version.isEmpty() || version.get().equals("1.0.0")
                            ? Optional.of(new Format(true, escaping))
                            : Optional.empty();
                case "text/plain" ->
                    version.isEmpty() || version.get().equals("0.0.4")
                            ? Optional.of(new Format(false, escaping))
                            : Optional.empty();
                case "*/*", "text/*" -> Optional.of(new Format(false, escaping));
                default -> Optional.empty();
            };
        }
    }
}
