package dev.gpuexporter.kubernetes;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Takes what is wanted out of an answer whose first field repeats, one element after the other: the messages of a large
 * answer would take several times its bytes, all at once.
 *
 * @param <M> the element's message
 * @param <R> what is made of all of them
 */
final class PieceByPiece<M extends MessageLite, R> {
    private static final int FIRST_FIELD = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private final Parser<M> element;
    private final Supplier<R> nothing;
    private final BiConsumer<M, R> take;

    PieceByPiece(Parser<M> element, Supplier<R> nothing, BiConsumer<M, R> take) {
        this.element = element;
        this.nothing = nothing;
        this.take = take;
    }

    /** @throws KubeletFailure where it is no such message, or the stream says so */
    R parse(InputStream answer) {
        R taken = nothing.get();
        try {
            CodedInputStream in = CodedInputStream.newInstance(answer);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == FIRST_FIELD) {
                    take.accept(in.readMessage(element, ExtensionRegistryLite.getEmptyRegistry()), taken);
                } else {
                    in.skipField(tag);
                }
            }
            in.checkLastTagWas(0);
        } catch (InvalidProtocolBufferException e) {
            throw new KubeletFailure(GrpcStatus.INTERNAL, "not a protobuf message: " + e.getMessage());
        } catch (IOException e) { // no stream here throws it
            throw new UncheckedIOException(e);
        }
        return taken;
    }
}
