package konsil.phantom.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import konsil.media.audio.AudioFile;
import konsil.media.audio.AudioLimits;
import konsil.media.audio.Resampler;
import konsil.media.audio.Waveform;
import konsil.tensor.BadInputException;

/** Turns words into sound by the programs espeak-ng and flite, which are called and are no part of Konsil. */
public final class Synthesiser {
    /** Hz; what MedASR hears. */
    public static final int RATE = 16_000;

    private static final int SECONDS = 60;
    private static final int WORDS_A_MINUTE = 165;
    private static final int MIDDLE_PITCH = 50;

    /**
     * How a voice speaks.
     *
     * @param speed 1 is the voice's own; 0.5 to 2
     * @param pitch 1 is the voice's own; 0.5 to 2
     */
    public record Manner(double speed, double pitch) {}

    private Synthesiser() {}

    /**
     * Speaks a text.
     *
     * @return mono, 16 kHz
     * @throws BadInputException if the program is not installed; the message names the package
     * @throws IOException if the program fails
     */
    public static Waveform speak(String words, Voice voice, Manner manner) throws IOException {
        Path folder = Files.createTempDirectory("konsil-speech");
        Path text = folder.resolve("words.txt");
        Path sound = folder.resolve("sound.wav");
        try {
            Files.writeString(text, words + "\n");
            run(command(voice, manner, text, sound), voice);
            var wave = AudioFile.read(sound, AudioLimits.usual());
            return wave.sampleRate() == RATE ? wave : Resampler.resample(wave, RATE);
        } finally {
            Files.deleteIfExists(text);
            Files.deleteIfExists(sound);
            Files.deleteIfExists(folder);
        }
    }

    private static List<String> command(Voice voice, Manner manner, Path text, Path sound) {
        if (voice.program().equals("flite")) {
            return List.of(
                    "flite",
                    "-voice",
                    voice.name(),
                    "--setf",
                    "duration_stretch=" + String.format(Locale.ROOT, "%.3f", 1 / manner.speed),
                    "--setf",
                    "f0_shift=" + String.format(Locale.ROOT, "%.3f", manner.pitch),
                    "-f",
                    text.toString(),
                    "-o",
                    sound.toString());
        }
        return List.of(
                voice.program(),
                "-v",
                voice.name(),
                "-s",
                Long.toString(Math.round(WORDS_A_MINUTE * manner.speed)),
                "-p",
                Long.toString(Math.clamp(Math.round(MIDDLE_PITCH * manner.pitch), 0, 99)),
                "-f",
                text.toString(),
                "-w",
                sound.toString());
    }

    private static void run(List<String> command, Voice voice) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException missing) {
            throw new BadInputException(
                    "%s: is not installed here, and dictations are spoken by it; on Debian: apt-get install %s"
                            .formatted(voice.program(), voice.program()),
                    missing);
        }
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("%s: not done after %d s".formatted(voice.program(), SECONDS));
            }
            if (process.exitValue() != 0) {
                throw new IOException("%s: voice %s: ended with exit code %d"
                        .formatted(voice.program(), voice.name(), process.exitValue()));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(voice.program() + ": stopped", stopped);
        } finally {
            process.destroy();
        }
    }
}
