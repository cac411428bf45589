package konsil.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import konsil.media.BadMediaException;
import konsil.media.codec.GoldenStreams.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code streams of other coders give their samples; damaged ones give one kind of error. */
class ImageCodecTest {
    static Stream<Golden> streams() {
        return GoldenStreams.all();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void givesTheSamplesOfTheReference(Golden golden) {
        Decoded decoded = decode(golden.stream());
        assertThat(decoded.bits()).isBetween(golden.bits(), golden.bits() <= 8 ? 8 : 16);
        assertThat(decoded.signed()).isEqualTo(golden.signed());
        assertThat(largestDifference(decoded.samples(), golden.samples())).isLessThanOrEqualTo(golden.allowed());
    }

    private static int largestDifference(short[] found, short[] wanted) {
        assertThat(found).hasSameSizeAs(wanted);
        int largest = 0;
        for (int i = 0; i < found.length; i++) {
            largest = Math.max(largest, Math.abs((found[i] & 0xFFFF) - (wanted[i] & 0xFFFF)));
        }
        return largest;
    }

    /** Cut anywhere, no stream gives a picture, but for ends that hold no samples: markers, padding. */
    @ParameterizedTest
    @MethodSource("streams")
    void refusesWhatIsCutOff(Golden golden) {
        byte[] whole = golden.stream().bytes();
        for (int length = 0; length < whole.length - 12; length += 7) {
            Codestream cut = with(golden.stream(), Arrays.copyOf(whole, length));
            Optional<ImageCodec> codec = ImageCodec.of(cut.bytes());
            if (codec.isPresent()) {
                assertThatThrownBy(() -> codec.get().decode(cut))
                        .as("%d bytes", length)
                        .isInstanceOf(BadMediaException.class)
                        .hasMessageStartingWith("x: ");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void survivesChangedBytes(Golden golden) {
        var random = new Random(20261125);
        for (int round = 0; round < 60; round++) {
            byte[] changed = golden.stream().bytes().clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            decodeOrRefuse(with(golden.stream(), changed));
        }
    }

    static void decodeOrRefuse(Codestream stream) {
        try {
            Optional<ImageCodec> codec = ImageCodec.of(stream.bytes());
            if (codec.isPresent()) {
                assertThat(codec.get().decode(stream).samples()).hasSize(stream.samples());
            }
        } catch (BadMediaException refused) {
            assertThat(refused).hasMessageStartingWith(stream.name() + ": ");
        }
    }

    /** A few kilobytes that claim a large picture, inside a file that claims another one. */
    @ParameterizedTest
    @ValueSource(strings = {"baseline.jpg", "lossless-1.jpg", "lossless-8.jls", "plain.j2k"})
    void takesNoMemoryForAnotherSize(String name) {
        Codestream stream = GoldenStreams.named(name).stream();
        var large = new Codestream("x", stream.bytes(), 16_000, 16_000, 1);
        ImageCodec codec = ImageCodec.of(stream.bytes()).orElseThrow();
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        assertThatThrownBy(() -> codec.decode(large)).isInstanceOf(BadMediaException.class);
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> codec.decode(large)).isInstanceOf(BadMediaException.class);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }

    @Test
    void namesThePackageThatHighThroughputNeeds() {
        Codestream stream = GoldenStreams.named("plain.j2k").stream();
        assertThatThrownBy(() -> OpenJpeg.decode(OpenJpeg.load("libno-such-library.so"), with(stream, stream.bytes())))
                .isInstanceOf(BadMediaException.class)
                .hasMessageContaining("1.2.840.10008.1.2.4.201 to .203")
                .hasMessageEndingWith("install the package libopenjp2-7");
    }

    /** The system's library, where it is, reads ordinary streams too and gives the same. */
    @ParameterizedTest
    @ValueSource(strings = {"plain.j2k", "signed.j2k", "colour.j2k", "tiles-moved.j2k"})
    void agreesWithTheSystemsLibrary(String name) {
        assumeTrue(OpenJpeg.isInstalled(), "skipped: libopenjp2 is not installed");
        Golden golden = GoldenStreams.named(name);
        Decoded decoded = OpenJpeg.decode(golden.stream());
        assertThat(decoded.samples()).isEqualTo(golden.samples());
        assertThat(decoded.signed()).isEqualTo(golden.signed());
        Codestream broken = with(golden.stream(), Arrays.copyOf(golden.stream().bytes(), 90));
        assertThatThrownBy(() -> OpenJpeg.decode(broken)).isInstanceOf(BadMediaException.class);
    }

    private static Decoded decode(Codestream stream) {
        return ImageCodec.of(stream.bytes()).orElseThrow().decode(stream);
    }

    private static Codestream with(Codestream stream, byte[] bytes) {
        return new Codestream("x", bytes, stream.width(), stream.height(), stream.components());
    }
}
