package konsil.train.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import konsil.kernel.KernelChoice.Kind;
import konsil.medasr.LogMel;
import konsil.tensor.BadInputException;
import konsil.train.GoldenFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DictationMakerTest {
    @TempDir
    Path folder;

    private static final Path SOUND = GoldenFolder.of("audio/s16.wav");

    @Test
    void clipsAreReadAt16KilohertzEachTimeThatTheyAreHeard() throws IOException {
        try (var small = new SmallSpeech(Kind.SCALAR)) {
            var maker = new DictationMaker(labels(small), 30);
            var clips = maker.make(folder, List.of(new Recording(1, SOUND, "e")), small.workers, _ -> {});
            assertThat(clips).hasSize(1);
            var clip = clips.getFirst();
            float[] samples = clip.sound().read();
            assertThat(samples).hasSize(clip.samples());
            var hearing = new Hearing(
                    small.model.config(), new LogMel(), new Augmentation(0.1, 1, 30, 10, 6), SpecAugment.NONE);
            assertThat(hearing.changed(clip, 4).features())
                    .isEqualTo(hearing.changed(clip, 4).features());
            assertThat(hearing.changed(clip, 4).features())
                    .isNotEqualTo(hearing.changed(clip, 5).features());
            var plain = new Hearing(small.model.config(), new LogMel(), Augmentation.NONE, SpecAugment.NONE);
            assertThat(plain.changed(clip, 4).features())
                    .isEqualTo(plain.plain(clip).features());
            assertThat(clip.sound().read()).isEqualTo(samples);
        }
    }

    @Test
    void allThatCannotBeLearntFromIsSaidAtOnceWithItsLine() throws IOException {
        Path broken = folder.resolve("broken.wav");
        Files.write(broken, new byte[] {1, 2, 3});
        try (var small = new SmallSpeech(Kind.SCALAR)) {
            var recordings = List.of(
                    new Recording(3, SOUND, "e"),
                    new Recording(5, broken, "e"),
                    new Recording(6, SOUND, "e ".repeat(2000)),
                    new Recording(9, SOUND, "\u4e2d"));
            var maker = new DictationMaker(labels(small), 30);
            assertThatThrownBy(() -> maker.make(folder, recordings, small.workers, _ -> {}))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("3 things cannot be used")
                    .hasMessageContaining("line 5: broken.wav: ")
                    .hasMessageContaining("line 6: the clip has ")
                    .hasMessageContaining("is it the text of another clip?")
                    .hasMessageContaining("line 9: text: has characters");
            var shorter = new DictationMaker(labels(small), 0.01);
            assertThatThrownBy(() -> shorter.make(folder, recordings.subList(0, 1), small.workers, _ -> {}))
                    .hasMessageContaining("line 3: the clip has")
                    .hasMessageContaining("want at most 0.0");
        }
    }

    private static Labels labels(SmallSpeech small) {
        return Labels.of(small.model.tokenizer().orElseThrow(), small.model.config(), true);
    }
}
