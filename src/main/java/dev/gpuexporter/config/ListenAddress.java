package dev.gpuexporter.config;

/** Where to serve HTTP; port 0 is for tests and asks the system for a free one. */
public record ListenAddress(String host, int port) {
    /**
     * Reads {@code ADDRESS:PORT}, {@code [IPV6]:PORT} or {@code :PORT}, which is every interface.
     *
     * @throws IllegalArgumentException with what is wrong and what would be right
     */
    public static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || text.indexOf(':') != colon && !text.startsWith("[")) {
            throw new IllegalArgumentException("\"" + text + "\" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400");
        }
        String host = text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (!port.matches("\\d+")) {
            throw new IllegalArgumentException("\"" + port + "\" is no port; write a number, as in 0.0.0.0:9400");
        }
        if (port.length() > 5 || Integer.parseInt(port) > 65535) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.startsWith("[") || host.endsWith("]") || host.contains(" ")) {
            throw new IllegalArgumentException("\"" + text + "\" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400");
        }
        return new ListenAddress(host.isEmpty() ? "0.0.0.0" : host, Integer.parseInt(port));
    }

    /** Where a client on the same machine finds who listens here: nobody can connect to "every interface". */
    public ListenAddress fromThisMachine() {
        return switch (host) {
            case "0.0.0.0" -> new ListenAddress("127.0.0.1", port);
            case "::" -> new ListenAddress("::1", port);
            default -> this;
        };
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
