package dev.gpuexporter.metrics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the Xids mean: {@code xids.csv}. */
public final class XidCatalog {
    private static final Map<Integer, Xid> BY_NUMBER = load();

    private XidCatalog() {}

    /** One that the catalogue lacks has a name and an action that say so: newer drivers report more of them. */
    public static Xid xid(int number) {
        return find(number).orElseGet(() -> new Xid(number, "unknown", XidAction.LOOK_UP));
    }

    /** Empty for one that the catalogue lacks. */
    public static Optional<Xid> find(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    static Collection<Xid> all() {
        return BY_NUMBER.values();
    }

    private static Map<Integer, Xid> load() {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(XidCatalog.class.getResourceAsStream("/xids.csv"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(XidCatalog::parse)
                    .collect(Collectors.toMap(Xid::number, Function.identity(), (a, b) -> a, TreeMap::new));
        } catch (IOException e) { // it lies beside this class
            throw new UncheckedIOException(e);
        }
    }

    private static Xid parse(String line) {
        String[] columns = line.split(",", 3);
        return new Xid(Integer.parseInt(columns[0]), columns[1].strip(), XidAction.of(columns[2].strip()));
    }
}
