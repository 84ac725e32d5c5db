package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever text or bytes come, something of ours comes out. */
class HostileKubeletTest {
    private static Path directory;
    private static FakeKubelet kubelet;
    private static PodResourcesClient client;

    @BeforeContainer
    static void startBoth() throws IOException {
        directory = Files.createTempDirectory("hostile");
        Path socket = directory.resolve("kubelet.sock");
        kubelet = new FakeKubelet(socket);
        client = new PodResourcesClient(KubeletSocket.at(socket), Duration.ofSeconds(5));
    }

    @AfterContainer
    static void stopBoth() throws IOException {
        client.close();
        kubelet.close();
        Files.deleteIfExists(directory.resolve("kubelet.sock"));
        Files.delete(directory);
    }

    @Property
    void everyTextIsADeviceIdAndStaysTheSameText(@ForAll String text) {
        assertThat(DeviceId.parse(text).raw()).isEqualTo(text);
    }

    @Property
    void textsThatNearlyAreDeviceIdsStayTheSame(@ForAll("nearlyIds") String id) {
        DeviceId parsed = DeviceId.parse(id);
        assertThat(parsed.raw()).isEqualTo(id);
        assertThat(parsed.whole().shared()).isFalse();
        assertThat(parsed.whole().whole()).isEqualTo(parsed.whole());
    }

    @Provide
    Arbitrary<String> nearlyIds() {
        return Arbitraries.of(
                        "GPU-12345678-1234-1234-1234-12345678000a",
                        "MIG-",
                        "MIG-aaaaaaaa-1111-2222-3333-000000000001",
                        "GPU-",
                        "nvidia",
                        "/gi",
                        "/vgpu",
                        "/",
                        "::",
                        ":",
                        "0",
                        "7",
                        "00",
                        "123456789012",
                        "-")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void anyBytesAreAnAnswerOrAnExceptionOfOurs(@ForAll @Size(max = 500) byte[] bytes) {
        answer(bytes);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void aDamagedRecordingIsAnAnswerOrAnExceptionOfOurs(
            @ForAll("offsets") int offset, @ForAll byte damage, @ForAll boolean cut) {
        byte[] bytes = Recordings.read("list-v1.bin");
        bytes[offset] = damage;
        answer(cut ? Arrays.copyOf(bytes, offset + 1) : bytes);
    }

    /** Messages within messages whose lengths are right or not: deeper than random bytes ever get. */
    @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
    void nestedFieldsAreAnAnswerOrAStatus(@ForAll long seed) {
        byte[] bytes = fields(new Random(seed), 4).toByteArray();
        for (PieceByPiece<?, ?> reader : List.of(ListedDevices.V1, ListedDevices.V1ALPHA1, ListedDevices.ALLOCATABLE)) {
            try {
                assertThat(reader.parse(new ByteArrayInputStream(bytes))).isNotNull();
            } catch (KubeletFailure refused) {
                assertThat(refused.status()).isEqualTo(GrpcStatus.INTERNAL);
            }
        }
    }

    private static ByteString fields(Random random, int depth) {
        ByteString.Output all = ByteString.newOutput();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(all);
            for (int fields = random.nextInt(6); fields > 0; fields--) {
                int number = 1 + random.nextInt(random.nextInt(8) == 0 ? 1000 : 6);
                switch (random.nextInt(depth > 0 ? 6 : 3)) {
                    case 0 -> out.writeUInt64(number, random.nextLong());
                    case 1 -> out.writeFixed32(number, random.nextInt());
                    case 2 -> out.writeString(number, "GPU-" + random.nextInt() + "::" + random.nextInt(9));
                    case 3 -> { // a length that is not the field's
                        out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                        out.writeUInt32NoTag(random.nextInt(random.nextBoolean() ? 40 : Integer.MAX_VALUE));
                    }
                    default -> out.writeBytes(number, fields(random, depth - 1));
                }
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toByteString();
    }

    @Property(tries = 50, shrinking = ShrinkingMode.OFF)
    void aLongIdTakesNoTime(@ForAll("nearlyIds") String piece) {
        String id = (piece.isEmpty() ? "-" : piece).repeat(100_000 / Math.max(1, piece.length()));
        long start = System.nanoTime();
        assertThat(DeviceId.parse(id).raw()).isEqualTo(id);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Provide
    Arbitrary<Integer> offsets() {
        return Arbitraries.integers().between(0, Recordings.read("list-v1.bin").length - 1);
    }

    private static void answer(byte[] bytes) {
        kubelet.answers(FakeKubelet.LIST, bytes).answers(FakeKubelet.ALLOCATABLE, bytes);
        try {
            PodResourcesAnswer answer = client.read();
            WorkloadIndex index =
                    WorkloadIndex.of(Instant.EPOCH, answer.allocations(), answer.allocatable(), GpuResources.byForm());
            assertThat(index.allocations()).hasSizeLessThanOrEqualTo(bytes.length);
        } catch (KubeletException refused) {
            assertThat(refused.code()).isEqualTo("INTERNAL");
        }
    }
}
