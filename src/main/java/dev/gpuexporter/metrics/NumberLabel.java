package dev.gpuexporter.metrics;

import java.util.List;
import java.util.stream.IntStream;

/** The number of a link, an engine or a fan as a label; the texts are made once. */
final class NumberLabel {
    private static final List<String> SMALL =
            IntStream.range(0, 64).mapToObj(Integer::toString).toList();

    private NumberLabel() {}

    static String of(int number) {
        return number >= 0 && number < SMALL.size() ? SMALL.get(number) : Integer.toString(number);
    }
}
