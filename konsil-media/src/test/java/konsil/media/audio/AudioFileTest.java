package konsil.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import konsil.media.BadMediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every format against what ffmpeg decodes, and the odd ways in which recorders write them. */
class AudioFileTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "u8.wav",
                "s16.wav",
                "s24.wav",
                "s32.wav",
                "f32.wav",
                "f64.wav",
                "alaw.wav",
                "mulaw.wav",
                "rf64.wav",
                "s16.aiff",
                "s24.aiff",
                "s16.flac",
                "s24.flac",
                "fixed.flac",
                "mid-side.flac",
                "left-side.flac",
                "right-side.flac"
            })
    void losslessEqualsFfmpegToTheBit(String name) throws IOException {
        Waveform sound = AudioFile.read(Sounds.golden(name), AudioLimits.usual());
        assertThat(sound.sampleRate()).isEqualTo(16_000);
        assertThat(sound.samples()).isEqualTo(Sounds.expected(name));
    }

    /** Concentus against libopus; ffmpeg takes off pre-skip and end by itself, so lengths agree too. */
    @ParameterizedTest
    @CsvSource({
        "celt.ogg, 60",
        "silk.ogg, 60",
        "hybrid.ogg, 60",
        "hybrid-60ms.ogg, 60",
        "stereo.webm, 60",
        "live.webm, 60",
        "browser-8k.webm, 60",
        "browser-24k.webm, 60",
        "browser-36k-stereo.webm, 60",
        "browser-128k-stereo.webm, 60"
    })
    void opusIsWhatLibopusDecodes(String name, double decibels) throws IOException {
        Waveform sound = AudioFile.read(Sounds.golden(name), AudioLimits.usual());
        assertThat(sound.sampleRate()).isEqualTo(48_000);
        float[] wanted = Sounds.expected(name);
        assertThat(sound.samples()).hasSize(wanted.length);
        assertThat(Sounds.signalToNoise(wanted, sound.samples())).isGreaterThan(decibels);
    }

    @Test
    void chainedOggIsOnePartAfterTheOther() {
        float[] first = Sounds.read(Sounds.bytes("silk.ogg")).samples();
        float[] second = Sounds.read(Sounds.bytes("celt.ogg")).samples();
        float[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        assertThat(Sounds.read(Sounds.bytes("chained.ogg")).samples()).isEqualTo(both);
    }

    /** As browsers write it: nobody knows how long the cluster becomes. */
    @ParameterizedTest
    @ValueSource(strings = {"stereo.webm", "live.webm"})
    void clustersOfUnknownSize(String name) {
        byte[] file = Sounds.bytes(name);
        float[] before = Sounds.read(file).samples();
        var text = new String(file, StandardCharsets.ISO_8859_1);
        for (String id : new String[] {"\u0018S\u0080g", "\u001fC\u00b6u"}) {
            int at = text.indexOf(id) + 4;
            assertThat(at).isGreaterThan(4);
            int width = Integer.numberOfLeadingZeros(file[at] & 0xFF) - 23;
            file[at] |= (byte) ((1 << 8 - width) - 1);
            Arrays.fill(file, at + 1, at + width, (byte) 0xFF);
        }
        assertThat(Sounds.read(file).samples()).isEqualTo(before);
    }

    /** Speech at low rates, speech and music together (hybrid), music: the kinds of Opus frames that browsers make. */
    @ParameterizedTest
    @CsvSource({
        "browser-8k.webm, 3",
        "browser-24k.webm, 15",
        "browser-36k-stereo.webm, 15",
        "browser-128k-stereo.webm, 31"
    })
    void recordingsOfBrowsersHoldWhatTheirNamesSay(String name, int configuration) throws IOException {
        byte[] file = Sounds.bytes(name);
        var text = new String(file, StandardCharsets.ISO_8859_1);
        assertThat(text.split("\u001fC\u00b6u\u0001\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", -1))
                .hasSizeGreaterThan(2);
        var bytes = new AudioBytes("test", new ByteArrayInputStream(file));
        var packets = WebmPackets.open(bytes);
        var header = packets.next().orElseThrow();
        assertThat(header.bytes()[9]).isEqualTo((byte) (name.contains("stereo") ? 2 : 1));
        for (var packet = packets.next(); packet.isPresent(); packet = packets.next()) {
            assertThat(packet.get().bytes()[0] >> 3 & 31).isEqualTo(configuration);
        }
    }

    @Test
    void oneChannelIsTheMeanAndIntegersAreDividedByHalfTheirRange() {
        Waveform sound = Sounds.read(Sounds.wav(8000, 2, (short) 100, (short) 300, (short) -32768, (short) -32768));
        assertThat(sound.samples()).containsExactly(200 / 32768f, -1f);
        assertThat(sound.sampleRate()).isEqualTo(8000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void sizesThatARecorderNeverFilledInMeanToTheEnd(int size) {
        byte[] file = Sounds.wav(16000, 1, (short) 1, (short) 2, (short) 3);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, size).putInt(40, size);
        var odd = new ArrayList<String>();
        assertThat(Sounds.read(file, odd).samples()).containsExactly(1 / 32768f, 2 / 32768f, 3 / 32768f);
        assertThat(odd).isEmpty();
    }

    @Test
    void chunksBeforeAndBehindTheSoundAreGoneOver() {
        byte[] plain = Sounds.wav(16000, 1, (short) 1, (short) 2);
        var file = ByteBuffer.allocate(plain.length + 12 + 12).order(ByteOrder.LITTLE_ENDIAN);
        file.put(plain, 0, 12)
                .put("bext".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(3)
                .put(new byte[4]);
        file.put(plain, 12, plain.length - 12);
        file.put("LIST".getBytes(StandardCharsets.ISO_8859_1)).putInt(4).put(new byte[4]);
        assertThat(Sounds.read(file.array()).samples()).containsExactly(1 / 32768f, 2 / 32768f);
    }

    @Test
    void whatBreaksOffIsReadWithAWarningAndRefusedWhereNobodyListens() throws IOException {
        for (String name : new String[] {"s16.wav", "s16.aiff", "s16.flac", "chained.ogg", "stereo.webm"}) {
            byte[] whole = Sounds.bytes(name);
            var odd = new ArrayList<String>();
            float[] cut =
                    Sounds.read(Arrays.copyOf(whole, whole.length * 3 / 4), odd).samples();
            float[] all = Sounds.read(whole).samples();
            assertThat(odd).as(name).singleElement().asString().contains("breaks off");
            assertThat(cut.length).as(name).isBetween(1, all.length - 1);
            assertThat(cut).as(name).isEqualTo(Arrays.copyOf(all, cut.length));
        }
        var file = java.nio.file.Files.createTempFile("cut", ".wav");
        try {
            java.nio.file.Files.write(file, Arrays.copyOf(Sounds.bytes("s16.wav"), 1001));
            assertThatThrownBy(() -> AudioFile.read(file, AudioLimits.usual()))
                    .isInstanceOf(BadMediaException.class)
                    .hasMessageContaining("breaks off: the header promises 25600 bytes of sound, 957 are there");
        } finally {
            java.nio.file.Files.delete(file);
        }
    }

    @Test
    void rawSamplesFromStandardInput() throws IOException {
        byte[] file = Sounds.wav(16000, 1, (short) 5, (short) -6);
        var source = new ByteArrayInputStream(file, 44, 4);
        try (var stream = RawPcm.open("standard input", source, 16000, 1)) {
            assertThat(stream.rest(AudioLimits.usual()).samples()).containsExactly(5 / 32768f, -6 / 32768f);
        }
    }

    @Test
    void atChangesTheRateOfAStream() throws IOException {
        byte[] file = Sounds.bytes("celt.ogg");
        try (var stream = AudioFile.open("test", new ByteArrayInputStream(file), AudioLimits.usual())
                .at(16_000)) {
            float[] got = stream.rest(AudioLimits.usual()).samples();
            assertThat(got)
                    .isEqualTo(Resampler.resample(Sounds.read(file), 16_000).samples());
            assertThat(got.length).isEqualTo(6400);
        }
    }

    @Test
    void moreThanTheLimitIsRefused() {
        assertThatThrownBy(() -> AudioFile.read(Sounds.golden("s16.wav"), new AudioLimits(8, 6399)))
                .hasMessageContaining("longer than the limit of 6399 samples");
        assertThatThrownBy(() -> AudioFile.read(Sounds.golden("s16.wav"), new AudioLimits(1, 6400)))
                .hasMessageContaining("want 1 to 1 channels, got 2");
    }
}
