package konsil.media.audio;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import konsil.media.BadMediaException;

/**
 * Whatever the bytes, they become finite samples or a {@link BadMediaException}. In a normal test run the saved inputs
 * are replayed; docs/audio.md says how to search for new ones.
 */
class AudioFuzzTest {
    private static final AudioLimits LIMITS = new AudioLimits(8, 1 << 20);

    @FuzzTest(maxDuration = "10m")
    void anyBytes(byte[] data) throws IOException {
        read(data);
    }

    /** Not a test of its own: also for files that are cut off or damaged on purpose. */
    static void read(byte[] data) throws IOException {
        try (var stream = AudioFile.open("fuzz", new ByteArrayInputStream(data), LIMITS)) {
            for (float sample : stream.rest(LIMITS).samples()) {
                assertThat(Float.isFinite(sample)).isTrue();
            }
            assertThat(stream.sampleRate()).isBetween(1, AudioLimits.MAX_RATE);
        } catch (BadMediaException refused) {
            assertThat(refused).hasMessageStartingWith("fuzz: ");
        }
    }
}
