package konsil.clinic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import konsil.medasr.Windowing;
import konsil.medasr.decoding.Term;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Checkpoint;
import konsil.text.Tokenizer;
import konsil.text.TokenizerFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Recordings to text, words and times. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TranscriberTest {
    private static final Path MODEL = OpenedTranscriber.GOLDEN.resolve("lasr-a");
    /** What transformers makes of golden/lasr-a/cases/dictation_b. */
    private static final String DICTATION_B =
            "79acute 79acute 79ea 96 79carcinomaH 96H 96acuteH 96acute 96Hacute 79 96H 96carcinoma 96acutecarcinoma"
                    + "Hacute 96carcinomaH 79 96acutecarcinoma 96 79ea";

    private OpenedTranscriber open;
    private float[] dictation;
    private Tokenizer tokenizer;

    @BeforeAll
    void load() throws IOException {
        open = new OpenedTranscriber(OpenedTranscriber.EXACT);
        try (var values = Checkpoint.open(MODEL.resolve("cases/dictation_b.safetensors"));
                var model = Checkpoint.open(MODEL)) {
            dictation = values.f32("samples");
            tokenizer = TokenizerFiles.of(model);
        }
    }

    @AfterAll
    void close() {
        open.close();
    }

    @Test
    void textIsThatOfTheReferenceAndWordsHaveTimes() {
        var transcript = open.transcribe(dictation, TranscribeListener.SILENT);
        assertThat(transcript.raw()).isEqualTo(DICTATION_B);
        assertThat(transcript.complete()).isTrue();
        assertThat(transcript.seconds()).isEqualTo(dictation.length / 16_000.0);
        assertThat(texts(transcript.rawWords())).isEqualTo(DICTATION_B);
        assertThat(texts(transcript.words())).isEqualTo(transcript.text().replaceAll("\\s+", " "));
        rising(transcript.words(), transcript.seconds());
        rising(transcript.rawWords(), transcript.seconds());
        assertThat(transcript.fields().toString()).contains("fingerprint=", "decoder=greedy", "windowing=Fitting");
    }

    private static String texts(List<Transcript.Word> words) {
        return words.stream().map(Transcript.Word::text).collect(Collectors.joining(" "));
    }

    private static void rising(List<Transcript.Word> words, double seconds) {
        double before = 0;
        for (var word : words) {
            assertThat(word.start()).isGreaterThanOrEqualTo(before);
            assertThat(word.end()).isGreaterThan(word.start()).isLessThanOrEqualTo(seconds);
            assertThat(word.confidence()).isBetween(1e-6, 1.0);
            before = word.end();
        }
    }

    @Test
    void soundLongerThanAWindowIsOneText() {
        var blended = new TranscriberSettings(
                OpenedTranscriber.EXACT.load(),
                new Windowing.Blended(100, 50),
                DecoderSettings.DEFAULT,
                OpenedTranscriber.EXACT.dictation(),
                1L << 30,
                "test");
        float[][] parts = new float[30][];
        java.util.Arrays.fill(parts, dictation);
        float[] sound = TestVoice.joined(parts);
        try (var windowed = new OpenedTranscriber(blended)) {
            var transcript = windowed.transcribe(sound, TranscribeListener.SILENT);
            assertThat(transcript.rawWords()).hasSizeGreaterThan(20);
            assertThat(texts(transcript.rawWords())).isEqualTo(transcript.raw());
            rising(transcript.rawWords(), transcript.seconds());
            assertThat(transcript.rawWords().getLast().end()).isGreaterThan(transcript.seconds() - 5);
        }
    }

    @Test
    void stoppedBetweenBlocksItTellsWhatWasSaidSoFar() {
        var stopped = open.transcribe(dictation, new TranscribeListener() {
            private double heard;

            @Override
            public void heard(double seconds, OptionalDouble total) {
                heard = seconds;
                assertThat(total).hasValue(dictation.length / 16_000.0);
            }

            @Override
            public boolean cancelled() {
                return heard >= 1;
            }
        });
        assertThat(stopped.complete()).isFalse();
        assertThat(stopped.seconds()).isBetween(1.0, 1.5);
        int count = (int) (stopped.seconds() * 16_000);
        var part = open.transcribe(java.util.Arrays.copyOf(dictation, count), TranscribeListener.SILENT);
        assertThat(stopped.raw()).isEqualTo(part.raw()).isNotEmpty();
    }

    @Test
    void alternativesAreBestFirstAndDifferent() throws IOException {
        try (var stream = OpenedTranscriber.stream(dictation)) {
            var request = new Transcriber.Request(new Vocabulary(List.of(Term.of("carcinoma")), ""), 5, "");
            var transcript = open.transcriber().transcribe(stream, request, TranscribeListener.SILENT);
            assertThat(transcript.alternatives()).hasSize(5);
            assertThat(transcript.alternatives().getFirst().raw()).isEqualTo(transcript.raw());
            assertThat(transcript.alternatives().stream().map(Transcript.Alternative::score))
                    .isSortedAccordingTo(java.util.Comparator.reverseOrder());
            assertThat(transcript.alternatives().stream()
                            .map(Transcript.Alternative::raw)
                            .distinct())
                    .hasSize(5);
            assertThat(transcript.provenance().fields().toString()).contains("beam, ", "1 terms");
        }
        assertThatThrownBy(() -> new Transcriber.Request(Vocabulary.NONE, 0, ""))
                .isInstanceOf(BadInputException.class);
    }

    /** One second for each token. */
    private List<HeardToken> tokens(String text) {
        int[] ids = tokenizer.encode(text);
        var tokens = new java.util.ArrayList<HeardToken>();
        for (int i = 0; i < ids.length; i++) tokens.add(new HeardToken(ids[i], i, i + 0.5, 1.0 / (i + 1)));
        return tokens;
    }

    @Test
    void formattedWordsKeepTheTimesOfWhatTheyWereMadeOf() {
        String said = "the heart is normal {period} no pleural effusion {period}</s>";
        var tokens = tokens(said);
        var text = open.transcriber().text(open.transcriber().ready(Vocabulary.NONE), tokens);
        assertThat(text.formatted().raw()).isEqualTo(said);
        assertThat(texts(text.words())).isEqualTo("The heart is normal. No pleural effusion.");
        assertThat(texts(text.rawWords())).isEqualTo(said.replace("</s>", ""));
        var last = text.words().getLast();
        assertThat(last.end()).isEqualTo(tokens.size() - 2 + 0.5);
        assertThat(text.words().getFirst().start()).isZero();
        assertThat(text.words().get(3).end())
                .isGreaterThan(text.rawWords().get(3).end())
                .isEqualTo(text.rawWords().get(4).end());
    }

    @Test
    void termsAreWrittenAsTheListSays() {
        var vocabulary = new Vocabulary(List.of(new Term("NORMAL SIZE", 1, "normal in size")), "");
        var tokens = tokens("heart normal in size today");
        var text = open.transcriber().text(open.transcriber().ready(vocabulary), tokens);
        assertThat(text.formatted().raw()).isEqualTo("heart NORMAL SIZE today");
        rising(
                List.of(
                        text.rawWords().getFirst(),
                        text.rawWords().get(1),
                        text.rawWords().getLast()),
                100);
        assertThat(texts(text.rawWords())).isEqualTo("heart NORMAL SIZE today");
    }

    @Test
    void whatCannotBeUsedIsNamed(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
        for (String name : List.of("config.json", "model.safetensors", "preprocessor_config.json")) {
            Files.copy(MODEL.resolve(name), folder.resolve(name));
        }
        assertThatThrownBy(() -> reopened(folder)).hasMessageContaining("want tokenizer.json or tokenizer.model");
        Path list = Files.writeString(folder.resolve("terms.txt"), "apixaban\t99\n");
        assertThatThrownBy(() -> Vocabulary.read(list)).hasMessageContaining("line 1: want a weight");
    }

    private void reopened(Path folder) throws IOException {
        try (var workers = new konsil.kernel.Workers(1)) {
            var machine = new Machine(konsil.kernel.KernelChoice.best(workers).kernels(), workers, "test");
            Transcriber.open(new TranscriberFiles(folder, java.util.Optional.empty()), machine, OpenedTranscriber.EXACT)
                    .close();
        }
    }
}
