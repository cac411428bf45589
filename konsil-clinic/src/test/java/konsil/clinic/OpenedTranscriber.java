package konsil.clinic;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import konsil.clinic.dictation.DictationSettings;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;
import konsil.medasr.LoadOptions;
import konsil.medasr.Windowing;
import konsil.medasr.WorkingFormat;
import konsil.media.audio.AudioFile;
import konsil.media.audio.AudioLimits;
import konsil.media.audio.AudioStream;

/** A transcriber with a small golden model, which hears nonsense. */
final class OpenedTranscriber implements AutoCloseable {
    static final Path GOLDEN = Path.of("..", "golden").toAbsolutePath().normalize();
    static final TranscriberSettings EXACT = new TranscriberSettings(
            LoadOptions.of(WorkingFormat.EXACT),
            Windowing.DEFAULT,
            DecoderSettings.DEFAULT,
            DictationSettings.ALL,
            1L << 30,
            "test");

    private final Workers workers = new Workers(2);
    private final Transcriber transcriber;

    OpenedTranscriber(TranscriberSettings settings) {
        try {
            var choice = KernelChoice.best(workers);
            transcriber = Transcriber.open(
                    new TranscriberFiles(GOLDEN.resolve("lasr-a"), Optional.empty()),
                    new Machine(choice.kernels(), workers, choice.describe()),
                    settings);
        } catch (IOException e) {
            workers.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    Transcriber transcriber() {
        return transcriber;
    }

    Transcript transcribe(float[] samples, TranscribeListener listener) {
        try (var stream = stream(samples)) {
            return transcriber.transcribe(stream, Transcriber.Request.of(Vocabulary.NONE), listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Samples as a file in memory: WAV of 32-bit floats, 16 kHz. */
    static AudioStream stream(float[] samples) throws IOException {
        var file = ByteBuffer.allocate(44 + 4 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 4 * samples.length);
        file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        file.putShort((short) 3).putShort((short) 1).putInt(16_000).putInt(64_000);
        file.putShort((short) 4).putShort((short) 32);
        file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(4 * samples.length);
        for (float sample : samples) file.putFloat(sample);
        return AudioFile.open("test.wav", new ByteArrayInputStream(file.array()), AudioLimits.usual());
    }

    @Override
    public void close() {
        transcriber.close();
        workers.close();
    }
}
