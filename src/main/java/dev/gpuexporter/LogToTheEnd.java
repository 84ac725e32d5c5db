package dev.gpuexporter;

import java.util.logging.LogManager;

/**
 * The JDK's keeper of loggers, without two things that it does by itself. Public, as the JDK makes one by its name, from
 * {@code java.util.logging.manager}.
 */
public final class LogToTheEnd extends LogManager {
    /** Nothing: the JDK's file asks for two lines each, in another form, and takes time to read. */
    @Override
    public void readConfiguration() {}

    /** Nothing: called as the process ends, it would silence what our own shutdown hook has to say beside it. */
    @Override
    public void reset() {}
}
