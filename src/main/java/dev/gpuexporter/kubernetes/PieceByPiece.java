package dev.gpuexporter.kubernetes;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Takes what is wanted out of an answer whose first field repeats, one element after the other: the messages of a large
 * answer would take several times its bytes, all at once.
 *
 * @param <M> the element's message
 * @param <R> what is made of all of them
 */
final class PieceByPiece<M extends MessageLite, R> implements Marshaller<R> {
    private static final int FIRST_FIELD = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private final Parser<M> element;
    private final Supplier<R> nothing;
    private final BiConsumer<M, R> take;

    PieceByPiece(Parser<M> element, Supplier<R> nothing, BiConsumer<M, R> take) {
        this.element = element;
        this.nothing = nothing;
        this.take = take;
    }

    @Override
    public R parse(InputStream answer) {
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
            throw Status.INTERNAL
                    .withDescription("Invalid protobuf byte sequence")
                    .withCause(e)
                    .asRuntimeException();
        } catch (IOException e) { // the answer lies in memory
            throw Status.UNKNOWN.withCause(e).asRuntimeException();
        }
        return taken;
    }

    @Override
    public InputStream stream(R value) {
        throw new UnsupportedOperationException("answers are read, not written");
    }
}
