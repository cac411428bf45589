package konsil.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import konsil.media.ImageSettings.DeepGrey;
import konsil.media.ImageSettings.Rotation;

/**
 * Whatever the bytes, they become a picture or a {@link BadMediaException}. In a normal test run the saved inputs are
 * replayed; docs/media.md says how to search for new ones.
 */
class ImageFuzzTest {
    private static final long MOST_PIXELS = 1 << 16;

    @FuzzTest(maxDuration = "10m")
    void anyBytes(byte[] data) {
        for (DeepGrey deepGrey : DeepGrey.values()) {
            try {
                var settings = new ImageSettings(Rotation.UPRIGHT, deepGrey, MOST_PIXELS);
                var picture = ImageFile.decode("fuzz", data, settings);
                assertThat((long) picture.width() * picture.height()).isBetween(1L, MOST_PIXELS);
            } catch (BadMediaException refused) {
                assertThat(refused).hasMessageStartingWith("fuzz: ");
            }
        }
    }
}
