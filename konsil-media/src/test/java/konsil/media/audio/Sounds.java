package konsil.media.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The folder golden/audio of the project, and sounds made in code. */
final class Sounds {
    private Sounds() {}

    static Path golden(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("golden/audio").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new IllegalStateException("golden/audio/" + name + " is missing from the project");
    }

    static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(golden(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What ffmpeg decodes a golden file to. */
    static float[] expected(String name) {
        var floats = ByteBuffer.wrap(bytes(name + ".f32"))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }

    /** Reads from memory; the last entries of odd are the warnings. */
    static Waveform read(byte[] file, List<String> odd) {
        try (var stream = AudioFile.open("test", new ByteArrayInputStream(file), AudioLimits.usual())) {
            Waveform whole = stream.rest(AudioLimits.usual());
            odd.addAll(stream.warnings());
            return whole;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Waveform read(byte[] file) {
        return read(file, new ArrayList<>());
    }

    /** Power of what was wanted over power of the difference, in dB; infinite when equal. */
    static double signalToNoise(float[] wanted, float[] got) {
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < wanted.length; i++) {
            signal += wanted[i] * (double) wanted[i];
            noise += (wanted[i] - got[i]) * (double) (wanted[i] - got[i]);
        }
        return 10 * Math.log10(signal / noise);
    }

    static float[] tone(double hertz, int rate, int count) {
        float[] tone = new float[count];
        for (int i = 0; i < count; i++) {
            tone[i] = (float) (0.5 * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return tone;
    }

    /** A WAV file of 16-bit samples. */
    static byte[] wav(int rate, int channels, short... samples) {
        var file = ByteBuffer.allocate(44 + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)).putInt(36 + 2 * samples.length);
        file.put("WAVEfmt ".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                .putInt(16);
        file.putShort((short) 1).putShort((short) channels).putInt(rate).putInt(rate * channels * 2);
        file.putShort((short) (channels * 2)).putShort((short) 16);
        file.put("data".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)).putInt(2 * samples.length);
        for (short sample : samples) {
            file.putShort(sample);
        }
        return file.array();
    }
}
