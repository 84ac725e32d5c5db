package dev.gpuexporter.kubernetes;

/** How a call over gRPC ended; the order is that of the numbers on the wire. */
enum GrpcStatus {
    OK,
    CANCELLED,
    UNKNOWN,
    INVALID_ARGUMENT,
    DEADLINE_EXCEEDED,
    NOT_FOUND,
    ALREADY_EXISTS,
    PERMISSION_DENIED,
    RESOURCE_EXHAUSTED,
    FAILED_PRECONDITION,
    ABORTED,
    OUT_OF_RANGE,
    UNIMPLEMENTED,
    INTERNAL,
    UNAVAILABLE,
    DATA_LOSS,
    UNAUTHENTICATED;

    /** What the header {@code grpc-status} says. */
    static GrpcStatus numbered(String number) {
        for (GrpcStatus status : values()) {
            if (number.equals(Integer.toString(status.ordinal()))) {
                return status;
            }
        }
        return UNKNOWN;
    }

    /** What an answer over HTTP without {@code grpc-status} means (gRPC's http-grpc-status-mapping). */
    static GrpcStatus ofHttp(int code) {
        return switch (code) {
            case 400 -> INTERNAL;
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> UNIMPLEMENTED;
            case 429, 502, 503, 504 -> UNAVAILABLE;
            default -> UNKNOWN;
        };
    }

    /** What HTTP/2's RST_STREAM with this code means (gRPC over HTTP2, Errors). */
    static GrpcStatus ofReset(long code) {
        return switch ((int) code) {
            case 0x7 -> UNAVAILABLE; // REFUSED_STREAM
            case 0x8 -> CANCELLED; // CANCEL
            case 0xb -> RESOURCE_EXHAUSTED; // ENHANCE_YOUR_CALM
            case 0xc -> PERMISSION_DENIED; // INADEQUATE_SECURITY
            default -> INTERNAL;
        };
    }
}
