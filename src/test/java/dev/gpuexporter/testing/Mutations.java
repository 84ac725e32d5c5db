package dev.gpuexporter.testing;

import java.util.Random;

/** What becomes of a file that is good when somebody, or something, slips. */
public final class Mutations {
    private static final String[] SLIPS = {
        "{",
        "}",
        "[",
        "]",
        "\"",
        "\"\"\"",
        "=",
        ":",
        ",",
        "+=",
        "#",
        "\\",
        "${",
        "${?",
        "\n",
        "\0",
        "\u2028",
        "null",
        "-",
        "-1",
        "0",
        "1e999",
        "9223372036854775808",
        "0x",
        "NaN",
        "%",
        "include ",
        "%s",
        "%n",
        "é",
        "\uFEFF",
        ".",
        "..",
        "true",
        "on"
    };

    private Mutations() {}

    /** One to five slips, always the same ones for a seed. */
    public static String of(String good, long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(good);
        for (int slips = 1 + random.nextInt(5); slips > 0; slips--) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.insert(from, text.substring(from, to));
                case 2 -> text.insert(from, SLIPS[random.nextInt(SLIPS.length)]);
                default -> text.replace(from, to, SLIPS[random.nextInt(SLIPS.length)]);
            }
        }
        return text.toString();
    }
}
