package dev.gpuexporter.doctor;

import java.util.Objects;

/**
 * What a check found.
 *
 * @param topic what it is about, in a word or two
 * @param text what is so
 * @param remedy what would mend it; empty where nothing has to be mended
 */
public record Finding(Level level, String topic, String text, String remedy) {
    /** How bad it is. */
    public enum Level {
        OK,
        /** Something is missing from what the exporter could tell. */
        WARN,
        /** The exporter cannot do what it is there for, or a GPU is out of order. */
        FAIL
    }

    public Finding {
        Objects.requireNonNull(level, "level");
        if (topic.isEmpty() || text.isEmpty()) {
            throw new IllegalArgumentException("a finding says what it is about and what is so");
        }
        if (remedy.isEmpty() != (level == Level.OK)) {
            throw new IllegalArgumentException(topic + ": what is wrong, and nothing else, has a remedy");
        }
    }

    static Finding ok(String topic, String text) {
        return new Finding(Level.OK, topic, text, "");
    }

    static Finding warn(String topic, String text, String remedy) {
        return new Finding(Level.WARN, topic, text, remedy);
    }

    static Finding fail(String topic, String text, String remedy) {
        return new Finding(Level.FAIL, topic, text, remedy);
    }
}
