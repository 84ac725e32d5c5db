package dev.gpuexporter.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What somebody may have meant by a word that is not known. */
public final class DidYouMean {
    private DidYouMean() {}

    /** The end of a message: the word that is nearly what was written, or else all there are. */
    public static String among(Collection<String> known, String written) {
        return nearest(known, written)
                .map("did you mean \"%s\"?"::formatted)
                .orElseGet(() -> "there are " + String.join(", ", known));
    }

    /** The known word that takes the fewest edits, if it takes no more than a third of what was written. */
    public static Optional<String> nearest(Collection<String> known, String written) {
        String plain = written.toLowerCase(Locale.ROOT);
        int most = Math.max(1, written.length() / 3);
        return known.stream()
                .filter(word -> Math.abs(word.length() - written.length()) <= most)
                .filter(word -> edits(word.toLowerCase(Locale.ROOT), plain) <= most)
                .min(Comparator.comparingInt((String word) -> edits(word.toLowerCase(Locale.ROOT), plain))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Characters to insert, remove, replace or swap with their neighbour to make one word of the other. */
    static int edits(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(cost[i - 1][j - 1] + replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
