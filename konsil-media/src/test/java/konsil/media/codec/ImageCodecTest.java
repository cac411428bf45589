package konsil.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    private static Decoded decode(Codestream stream) {
        return ImageCodec.of(stream.bytes()).orElseThrow().decode(stream);
    }

    private static Codestream with(Codestream stream, byte[] bytes) {
        return new Codestream("x", bytes, stream.width(), stream.height(), stream.components());
    }
}
