package dev.gpuexporter.config;

import java.util.Collection;
import java.util.Comparator;

/** The nearest word that was possibly meant. */
public final class DidYouMean {
    private DidYouMean() {}

    /** {@code ; did you mean "…"?}, or nothing where no word is near. */
    public static String among(Collection<String> words, String written) {
        return words.stream()
                .filter(word -> distance(word, written) <= Math.max(2, written.length() / 4))
                .min(Comparator.comparingInt((String word) -> distance(word, written))
                        .thenComparing(Comparator.naturalOrder()))
                .map(word -> "; did you mean \"" + word + "\"?")
                .orElse("");
    }

    /** Levenshtein's: how many letters must be put in, taken out or replaced. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
