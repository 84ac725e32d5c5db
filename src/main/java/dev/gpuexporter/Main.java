package dev.gpuexporter;

/** The command line; the only place that wires things up. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {}
}
