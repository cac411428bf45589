package konsil.media.audio;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import konsil.media.BadMediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut off, damaged, of another kind, or that claim too much. */
class HostileSoundsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "s16.wav",
                "rf64.wav",
                "f64.wav",
                "s24.aiff",
                "fixed.flac",
                "s24.flac",
                "silk.ogg",
                "celt.ogg",
                "stereo.webm",
                "live.webm"
            })
    void cutOffOrChanged(String name) throws IOException {
        byte[] whole = Sounds.bytes(name);
        for (int length = 0; length < Math.min(whole.length, 700); length += 1) {
            AudioFuzzTest.read(Arrays.copyOf(whole, length));
        }
        var random = new Random(11);
        for (int trial = 0; trial < 120; trial++) {
            byte[] changed = Arrays.copyOf(whole, Math.min(whole.length, 4000));
            for (int i = 0; i <= random.nextInt(8); i++) {
                int among = trial % 2 == 0 ? Math.min(400, changed.length) : changed.length;
                changed[random.nextInt(among)] = (byte) random.nextInt(256);
            }
            AudioFuzzTest.read(changed);
        }
    }

    private static void refused(byte[] file, String message) {
        assertThatThrownBy(() -> Sounds.read(file))
                .isInstanceOf(BadMediaException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "22, 0, want 1 to 8 channels, got 0",
        "22, 9, want 1 to 8 channels, got 9",
        "24, 0, want a sample rate of 1 to 768000 Hz, got 0",
        "24, 1092676, want a sample rate of 1 to 768000 Hz, got 1092676",
        "16, 1717986918, claims 1717986918 bytes",
        "34, 15, is not read",
        "34, 12, is not read",
        "34, 0, contradicts itself",
        "20, 85, is not read"
    })
    void wavHeadersThatCannotBe(int at, int value, String message) {
        byte[] file = Sounds.wav(16000, 1, (short) 1, (short) 2);
        var header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (at == 16 || at == 24) {
            header.putInt(at, value);
        } else {
            header.putShort(at, (short) value);
        }
        if (value != 15 && value != 12) {
            refused(file, message);
        } else {
            Sounds.read(file);
        }
    }

    @Test
    void noSoundAtAll() {
        refused(new byte[0], "the file is empty");
        refused(Sounds.wav(16000, 1), "holds no sound");
        refused(Arrays.copyOf(Sounds.wav(16000, 1), 36), "no \"data\" chunk");
        refused("hello, this is text".getBytes(StandardCharsets.ISO_8859_1), "not a sound file");
    }

    @ParameterizedTest
    @CsvSource({"fffb9064, MP3", "494433040000000000, MP3", "fff15080, AAC", "00000020667479704d344120, MP4"})
    void otherKindsAreNamedWithTheRemedy(String hex, String kind) {
        byte[] file = Arrays.copyOf(java.util.HexFormat.of().parseHex(hex), 64);
        refused(file, kind);
        refused(file, "convert it with: ffmpeg -i FILE -ac 1 sound.wav");
    }

    @Test
    void floatsThatAreNoNumbers() {
        byte[] file = Sounds.bytes("f32.wav");
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putFloat(file.length - 400, Float.NaN);
        refused(file, "a sample is infinite or not a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s16.flac", "celt.ogg"})
    void oneChangedBitInTheSoundIsFound(String name) {
        byte[] file = Sounds.bytes(name);
        file[file.length * 2 / 3] ^= 0x10;
        refused(file, name.endsWith("ogg") ? "wrong checksum of an Ogg page" : "FLAC");
    }

    @Test
    void theMd5OfAllSamplesIsChecked() {
        byte[] file = Sounds.bytes("s16.flac");
        file[30] ^= 1;
        refused(file, "do not match the MD5");
    }

    @Test
    void theSourceIsClosedWhenOpeningFails() {
        boolean[] closed = {false};
        var source = new ByteArrayInputStream(new byte[20]) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        assertThatThrownBy(() -> AudioFile.open("x", source, AudioLimits.usual()))
                .isInstanceOf(BadMediaException.class);
        org.assertj.core.api.Assertions.assertThat(closed[0]).isTrue();
    }
}
