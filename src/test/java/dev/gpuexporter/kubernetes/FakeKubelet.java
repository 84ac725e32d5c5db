package dev.gpuexporter.kubernetes;

import com.google.protobuf.MessageLite;
import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A PodResources server on a real unix socket that does what was seen of a kubelet: its answers are bytes, a method
 * without one is UNIMPLEMENTED, and it restarts without a GOAWAY.
 */
public final class FakeKubelet implements AutoCloseable {
    public static final String LIST = "v1.PodResourcesLister/List";
    public static final String ALLOCATABLE = "v1.PodResourcesLister/GetAllocatableResources";
    static final String LIST_V1ALPHA1 = "v1alpha1.PodResourcesLister/List";

    /** Held, or its level is forgotten: gRPC would log each stream that ends as it is meant to here. */
    private static final Logger GRPC_LOG = Logger.getLogger("io.grpc");

    static {
        GRPC_LOG.setLevel(Level.SEVERE);
    }

    private final Path socket;
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private final Map<String, Status> refusals = new ConcurrentHashMap<>();
    private final AtomicInteger tokens = new AtomicInteger(Integer.MAX_VALUE);
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final Queue<Channel> connections = new ConcurrentLinkedQueue<>();
    private volatile boolean hanging;
    private EventLoopGroup loop;
    private Server server;

    public FakeKubelet(Path socket) {
        this.socket = socket;
        start();
    }

    public FakeKubelet answers(String method, byte[] answer) {
        answers.put(method, answer);
        return this;
    }

    public FakeKubelet answers(String method, MessageLite answer) {
        return answers(method, answer.toByteString().toByteArray());
    }

    public FakeKubelet refuses(String method, Status status) {
        refusals.put(method, status);
        return this;
    }

    /** From now on again. */
    void allows(String method) {
        refusals.remove(method);
    }

    /** Answers so many calls more; the real one lets ten through at once. */
    void allowCalls(int number) {
        tokens.set(number);
    }

    public void hang(boolean hang) {
        hanging = hang;
    }

    /** The methods called so far, in order. */
    Queue<String> calls() {
        return calls;
    }

    void start() {
        loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()) {
            @Override
            public ChannelFuture register(Channel channel) {
                connections.add(channel);
                return super.register(channel);
            }
        };
        try {
            server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                    .channelType(NioServerDomainSocketChannel.class)
                    .bossEventLoopGroup(loop)
                    .workerEventLoopGroup(loop)
                    .withChildOption(ChannelOption.SO_KEEPALIVE, null)
                    .directExecutor()
                    .fallbackHandlerRegistry(new Methods())
                    .build()
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Goes away between two packets and leaves a socket file that refuses connections. */
    public void die() {
        breakConnections();
        close();
        try {
            Files.deleteIfExists(socket);
            try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                stale.bind(UnixDomainSocketAddress.of(socket));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Comes back with a new socket file. */
    void startAgain() {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        start();
    }

    /** What a restart looks like that is over before anybody asks, when the file system gives the same inode again. */
    void breakConnections() {
        connections.removeIf(channel -> {
            boolean client = !(channel instanceof NioServerDomainSocketChannel);
            if (client) {
                channel.close().syncUninterruptibly();
            }
            return client;
        });
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Methods extends HandlerRegistry {
        @Override
        public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
            calls.add(name);
            if (!"localhost".equals(authority)) {
                return refusing(name, Status.INTERNAL.withDescription("malformed :authority " + authority));
            }
            if (tokens.getAndDecrement() <= 0) {
                return refusing(name, Status.RESOURCE_EXHAUSTED.withDescription("rejected by rate limit"));
            }
            if (refusals.containsKey(name)) {
                return refusing(name, refusals.get(name));
            }
            byte[] answer = answers.get(name);
            return answer == null
                    ? null
                    : method(name, ServerCalls.asyncUnaryCall((request, reply) -> {
                        if (!hanging) {
                            reply.onNext(answer);
                            reply.onCompleted();
                        }
                    }));
        }

        private ServerMethodDefinition<byte[], byte[]> refusing(String name, Status status) {
            return method(name, ServerCalls.asyncUnaryCall((request, reply) -> reply.onError(status.asException())));
        }

        private ServerMethodDefinition<byte[], byte[]> method(String name, ServerCallHandler<byte[], byte[]> handler) {
            Bytes bytes = new Bytes();
            MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.newBuilder(bytes, bytes)
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(name)
                    .build();
            return ServerMethodDefinition.create(descriptor, handler);
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
