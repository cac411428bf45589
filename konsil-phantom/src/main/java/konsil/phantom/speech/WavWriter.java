package konsil.phantom.speech;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import konsil.media.audio.Waveform;

/** Sound as WAV (RIFF, PCM of 16 bits, mono). */
final class WavWriter {
    private static final int HEADER = 44;
    private static final int FORMAT_BYTES = 16;
    private static final short PCM = 1;
    private static final short MONO = 1;
    private static final short BITS = 16;

    private WavWriter() {}

    /** Samples beyond -1 to 1 are clipped. */
    static byte[] bytes(Waveform sound) {
        int bytes = 2 * sound.samples().length;
        var wav = ByteBuffer.allocate(HEADER + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(HEADER - 8 + bytes).put(ascii("WAVEfmt ")).putInt(FORMAT_BYTES);
        wav.putShort(PCM).putShort(MONO).putInt(sound.sampleRate()).putInt(2 * sound.sampleRate());
        wav.putShort((short) 2).putShort(BITS).put(ascii("data")).putInt(bytes);
        for (float sample : sound.samples()) {
            wav.putShort((short) Math.clamp(Math.round(sample * Short.MAX_VALUE), Short.MIN_VALUE, Short.MAX_VALUE));
        }
        return wav.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
