package konsil.phantom.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import konsil.media.audio.AudioFile;
import konsil.media.audio.AudioLimits;
import konsil.media.audio.Waveform;
import konsil.phantom.speech.DictationCases.Content;
import konsil.phantom.text.CaseLines;
import konsil.phantom.text.Chance;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DictationCasesTest {
    @TempDir
    private Path folder;

    private static boolean installed(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private static void needsSynthesisers() {
        assumeThat(installed("espeak-ng") && installed("flite"))
                .as("espeak-ng and flite are installed; else sound is not tested here")
                .isTrue();
    }

    @Test
    void soundComesBackFromItsFile() throws Exception {
        float[] samples = {0, 0.5f, -0.5f, 1, -1, 2};
        Path file = folder.resolve("a.wav");
        Files.write(file, WavWriter.bytes(new Waveform(samples, 16_000)));
        var back = AudioFile.read(file, AudioLimits.usual());
        assertThat(back.sampleRate()).isEqualTo(16_000);
        assertThat(back.samples()).hasSize(6);
        for (int i = 0; i < 5; i++) {
            assertThat((double) back.samples()[i]).isCloseTo(samples[i], within(1e-4));
        }
    }

    @Test
    void aRoomAddsSilenceEchoesAndNoiseAndSetsThePeak() {
        float[] click = new float[1600];
        click[0] = 0.5f;
        var room = new Room(0.1, 0.05, 0.2, 60, 0.8);
        float[] heard =
                room.hear(new Waveform(click, 16_000), new Chance(1, "test", 0)).samples();
        assertThat(heard).hasSize(1600 + 1600 + 800);
        assertThat((double) heard[1600]).isCloseTo(0.8, within(1e-6));
        assertThat((double) heard[1600 + 112]).isCloseTo(0.16, within(0.01));
        assertThat(Math.abs(heard[800])).isLessThan(0.001f);
    }

    @Test
    void aMissingSynthesiserIsNamedWithItsPackage() {
        var voice = new Voice("no-such-synthesiser", "x", true);
        assertThatThrownBy(() -> Synthesiser.speak("a", voice, new Synthesiser.Manner(1, 1)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("apt-get install no-such-synthesiser");
    }

    @Test
    void voicesKeptApartAreNotAmongTheOthers() {
        var seen = new HashSet<>(Voice.all(true));
        assertThat(seen).hasSizeGreaterThan(5);
        assertThat(Voice.all(false)).hasSize(2).doesNotContainAnyElementsOf(seen);
    }

    @Test
    void sameSeedSameSound() throws Exception {
        needsSynthesisers();
        DictationCases.write(folder.resolve("a"), 3, 7, Content.SENTENCES, true);
        DictationCases.write(folder.resolve("b"), 3, 7, Content.SENTENCES, true);
        for (String name : new String[] {CaseLines.NAME, "dictation-000000.wav", "dictation-000002.wav"}) {
            assertThat(folder.resolve("a").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("b").resolve(name));
        }
        var sound = AudioFile.read(folder.resolve("a").resolve("dictation-000001.wav"), AudioLimits.usual());
        assertThat(sound.sampleRate()).isEqualTo(Synthesiser.RATE);
        assertThat(sound.seconds()).isBetween(1.5, 40.0);
        assertThat(Files.readString(folder.resolve("a").resolve(CaseLines.NAME)))
                .startsWith("{\"audio\":\"dictation-000000.wav\",\"text\":\"");
    }

    @Test
    void everyVoiceSpeaks() throws Exception {
        needsSynthesisers();
        for (Voice voice : Voice.ALL) {
            var sound = Synthesiser.speak("lung nodule period", voice, new Synthesiser.Manner(1, 1));
            assertThat(sound.sampleRate()).isEqualTo(16_000);
            assertThat(sound.seconds()).as(voice.title()).isBetween(0.7, 4.0);
            var fast = Synthesiser.speak("lung nodule period", voice, new Synthesiser.Manner(1.5, 1));
            assertThat(fast.seconds()).as(voice.title()).isLessThan(sound.seconds());
        }
    }

    @Test
    void questionsByVoicesKeptApart() throws Exception {
        needsSynthesisers();
        DictationCases.write(folder, 1, 2, Content.QUESTION, false);
        assertThat(Files.readString(folder.resolve(CaseLines.NAME))).contains("{question mark}", "\"seen\":false");
        assertThat(folder.resolve("question-000000.wav")).exists();
    }
}
