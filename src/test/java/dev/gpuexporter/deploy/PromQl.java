package dev.gpuexporter.deploy;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of PromQL as it takes to say which metrics an expression reads. */
final class PromQl {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'");
    private static final Pattern MATCHERS_AND_RANGES = Pattern.compile("\\{[^}]*}|\\[[^]]*]");
    private static final Pattern LABEL_LISTS =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern KEYWORDS =
            Pattern.compile("\\b(?:and|or|unless|bool|offset|by|without|on|ignoring|group_left|group_right)\\b");
    /** A name that is not called as a function, and does not start within a number or another word. */
    private static final Pattern NAME = Pattern.compile("(?<![\\w:.$])[a-zA-Z_:][\\w:]*+(?!\\s*\\()");

    private PromQl() {}

    static Set<String> metricNames(String expression) {
        String rest = STRING.matcher(expression).replaceAll("");
        rest = MATCHERS_AND_RANGES.matcher(rest).replaceAll(" ");
        rest = LABEL_LISTS.matcher(rest).replaceAll(" ");
        rest = KEYWORDS.matcher(rest).replaceAll(" ");
        // What stood between an aggregation and its argument is gone: `sum by (gpu) (…)` is `sum  (…)` now.
        Set<String> names = new TreeSet<>();
        Matcher name = NAME.matcher(rest);
        while (name.find()) {
            names.add(name.group());
        }
        return names;
    }
}
