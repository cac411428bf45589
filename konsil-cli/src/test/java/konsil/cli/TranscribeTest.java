package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import konsil.tensor.file.Checkpoint;
import konsil.text.TokenizerFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** {@code konsil transcribe} with the small golden model, through the command line. */
final class TranscribeTest {
    private static final Path GOLDEN = Path.of("..", "golden").toAbsolutePath().normalize();
    private static final String MODEL = GOLDEN.resolve("lasr-a").toString();
    private static final String REFERENCE =
            "79acute 79acute 79ea 96 79carcinomaH 96H 96acuteH 96acute 96Hacute 79 96H 96carcinoma 96acutecarcinoma"
                    + "Hacute 96carcinomaH 79 96acutecarcinoma 96 79ea";

    @TempDir
    private Path folder;

    private float[] dictation;
    private Path wav;

    @BeforeEach
    void write() throws IOException {
        try (var values = Checkpoint.open(GOLDEN.resolve("lasr-a/cases/dictation_b.safetensors"))) {
            dictation = values.f32("samples");
        }
        wav = Files.write(folder.resolve("one.wav"), wav(dictation));
    }

    static byte[] pcm(float[] samples) {
        var bytes = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float sample : samples) bytes.putShort((short) Math.clamp(Math.round(sample * 32768.0), -32768, 32767));
        return bytes.array();
    }

    private static byte[] wav(float[] samples) {
        byte[] pcm = pcm(samples);
        var file = ByteBuffer.allocate(44 + pcm.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + pcm.length);
        file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        file.putShort((short) 1).putShort((short) 1).putInt(16_000).putInt(32_000);
        file.putShort((short) 2).putShort((short) 16);
        file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(pcm.length).put(pcm);
        return file.array();
    }

    private static Run transcribe(String... more) {
        var words = new ArrayList<>(List.of("transcribe", "--model", MODEL, "--quant", "exact"));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    @Test
    void aRecordingIsItsText() {
        var raw = transcribe("--raw", wav.toString());
        assertThat(raw.exit()).as(raw.err()).isZero();
        assertThat(raw.out()).isEqualTo(REFERENCE + "\n");
        assertThat(raw.err()).contains("one.wav, seconds", "100 %");
        for (String windowing : List.of("whole", "blend", "pipeline")) {
            assertThat(transcribe("--raw", "--windowing", windowing, wav.toString())
                            .out())
                    .isEqualTo(raw.out());
        }
    }

    /** A model of 1-grams over the pieces, each as likely as the next but for those that hold some letters. */
    private static String arpa(String disliked) throws IOException {
        var lines = new ArrayList<String>();
        try (var checkpoint = Checkpoint.open(List.of(Path.of(MODEL)))) {
            var tokenizer = TokenizerFiles.of(checkpoint);
            for (int id = 1; id < tokenizer.size(); id++) {
                String piece = tokenizer.token(id).replace('\u2581', '#');
                boolean marker = piece.startsWith("<") && !piece.equals("</s>");
                if (!piece.matches(".*\\s.*") && !piece.isEmpty() && !marker && !lines.contains("-1\t" + piece)) {
                    boolean unlikely = !disliked.isEmpty() && piece.contains(disliked);
                    lines.add((unlikely ? "-90\t" : "-1\t") + piece);
                }
            }
        }
        lines.add("-1\t<unk>");
        lines.add("-99\t<s>\t0");
        return "\\data\\\nngram 1=%d\nngram 2=0\n\n\\1-grams:\n%s\n\n\\2-grams:\n\n\\end\\\n"
                .formatted(lines.size(), String.join("\n", lines));
    }

    private String withModel(Path languageModel) {
        // a beta that takes back what a piece of probability 0.1 costs
        var run = transcribe(
                "--raw", "--lm", languageModel.toString(), "--alpha", "1", "--beta", "2.302585", wav.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out();
    }

    @Test
    void aLanguageModelChangesWhatIsHeard() throws IOException {
        Path indifferent = Files.writeString(folder.resolve("any.arpa"), arpa(""));
        String without =
                transcribe("--raw", "--decoder", "beam", wav.toString()).out();
        assertThat(without).contains("acute");
        assertThat(withModel(indifferent)).isEqualTo(without);
        String text = arpa("acute");
        Path against = Files.writeString(folder.resolve("against.arpa"), text);
        String heard = withModel(against);
        assertThat(heard).doesNotContain("acute").contains("carcinoma").hasSizeGreaterThan(without.length() / 3);
        Path gzip = folder.resolve("against.arpa.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(withModel(gzip)).isEqualTo(heard);
        Path xz = folder.resolve("against.arpa.xz");
        try (var out = new XZOutputStream(Files.newOutputStream(xz), new LZMA2Options(0))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(withModel(xz)).isEqualTo(heard);
        var json = transcribe("--format", "json", "--lm", xz.toString(), wav.toString());
        assertThat(json.out()).contains("\"name\" : \"against.arpa.xz\"", "beam, ");
    }

    @Test
    void aLanguageModelOfOtherWordsIsRefused() throws IOException {
        String words = "\\data\\\nngram 1=3\nngram 2=0"
                + "\n\n\\1-grams:\n-1 <s>\n-1 </s>\n-1 hydronephrosis\n\n\\2-grams:\n\\end\\\n";
        Path model = Files.writeString(folder.resolve("words.arpa"), words);
        var run = transcribe("--lm", model.toString(), wav.toString());
        assertThat(run.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(run.err()).contains("words.arpa knows none of the pieces of the model");
        Files.writeString(model, words.replace("\\end\\", ""));
        assertThat(transcribe("--lm", model.toString(), wav.toString()).err())
                .contains("words.arpa: line ", "want \\end\\");
        Files.writeString(model, words.replace("hydronephrosis", "#79"));
        assertThat(transcribe("--lm", model.toString(), wav.toString()).err())
                .contains("the language model knows 1 of ", " tokens of the model");
    }

    @Test
    void jsonHasTimesAlternativesAndProvenance() throws IOException {
        Path terms = Files.writeString(folder.resolve("terms.txt"), "carcinoma\nACUTE\t1\tacute\n");
        var run = transcribe(
                "--format", "json", "--nbest", "3", "--vocabulary", terms.toString(), "--beam", "16", wav.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("\"file\" : ", "\"start\" : ", "\"confidence\" : ", "\"alternatives\" : [", "\"score\" : -")
                .contains("\"fingerprint\" : \"", "\"windowing\" : \"Fitting", "width=16", "\"2 terms\"", "ACUTE")
                .contains("Not a medical device");
        assertThat(run.out().split("\"sha256\" : \"[0-9a-f]{64}\"", -1)).hasSize(3);
    }

    @Test
    void subtitlesHaveTheTimesOfTheWords() {
        String srt = transcribe("--format", "srt", "--raw", wav.toString()).out();
        assertThat(srt).startsWith("1\n00:00:00,").containsPattern("(?m)^00:00:0[0-2],\\d{3} --> 00:00:0[0-2],\\d{3}$");
        String vtt = transcribe("--format", "vtt", "--raw", wav.toString()).out();
        assertThat(vtt).startsWith("WEBVTT\n\n00:00:00.");
        String text = srt.lines()
                .filter(line -> !line.isEmpty() && !line.contains("-->") && !line.matches("[1-9]"))
                .reduce((a, b) -> a + " " + b)
                .orElse("");
        assertThat(text).isEqualTo(REFERENCE);
    }

    @Test
    void oneBadFileDoesNotStopTheOthers() throws IOException {
        Files.write(folder.resolve("two.wav"), wav(Arrays.copyOf(dictation, 20_000)));
        Files.writeString(folder.resolve("bad.flac"), "this is no sound");
        Files.writeString(folder.resolve("notes.txt"), "left alone");
        var run = transcribe(
                "--raw", folder.toString(), folder.resolve("none*.wav").toString());
        assertThat(run.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(run.err()).contains("bad.flac: not a sound file", "none*.wav: no file matches");
        assertThat(run.out())
                .contains("== " + wav + " ==\n" + REFERENCE + "\n", "two.wav ==\n")
                .doesNotContain("notes");
        var good = transcribe("--raw", folder.resolve("*.wav").toString());
        assertThat(good.exit()).as(good.err()).isZero();
    }

    @Test
    void outputIsAFileForEachRecording() throws IOException {
        Path out = folder.resolve("out/texts");
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.copy(wav, other.resolve("one.wav"));
        Files.copy(wav, other.resolve("two.wav"));
        var run = transcribe("--raw", "--output", out.toString(), wav.toString(), other.toString());
        assertThat(run.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(run.err()).contains("one.txt was written already");
        assertThat(run.out()).isEmpty();
        try (var files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("one.txt", "two.txt");
        }
        assertThat(out.resolve("two.txt")).content().isEqualTo(REFERENCE + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--decoder best x.wav|--decoder: want greedy, beam or compatible, got best",
                "--windowing none x.wav|--windowing: want whole, pipeline or blend",
                "--format odt x.wav|--format: want text, json, srt or vtt, got odt",
                "--beam 0 x.wav|beam width: want 1 to 1024, got 0",
                "--alpha -1 x.wav|language model weights: want alpha 0 to 100",
                "--nbest 0 x.wav|alternatives: want 1 to 100",
                "--lm missing.arpa x.wav|missing.arpa",
                "--vocabulary missing.txt x.wav|missing.txt: there is no such file",
                "missing.wav|missing.wav: there is no such file",
                "--microphone-stdin x.wav|want sound files, or --microphone-stdin alone",
                "--microphone-stdin --format srt|want --format text or json",
                "--microphone-stdin --output x|does not go with --output",
                "--microphone-stdin --rate 12|--rate: want 4000 to 192000 Hz, got 12",
            })
    void mistakesAreOneClearLine(String arguments, String message) {
        var run = transcribe(arguments.split(" "));
        assertThat(run.exit()).as(run.err()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(run.err()).contains("konsil: ", message).doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void anotherModelIsRefused() {
        var run = Run.of("transcribe", "--model", GOLDEN.resolve("gemma3-a").toString(), wav.toString());
        assertThat(run.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(run.err()).contains("want lasr_ctc");
        assertThat(transcribe().err()).contains("want sound files");
    }

    @Test
    void aQuestionMayBeSpoken() {
        String[] ask = {
            "ask",
            "--model",
            GOLDEN.resolve("gemma3-a").toString(),
            "--max-tokens",
            "2",
            "--json",
            "--image",
            GOLDEN.resolve("gemma3-a/images/gray_64x64.png").toString(),
            "--asr-model",
            MODEL,
            "--audio",
            wav.toString(),
            "Is that so?"
        };
        var run = Run.of(ask);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.err()).contains("[understood] 79acute 79acute 79ea 96 79carcinomaH");
        assertThat(run.out())
                .contains("user\\n<start_of_image>79acute 79acute", " 96 79ea\\nIs that so?<end_of_turn>")
                .contains("\"understood\" : [", "\"raw_words\" : [", "\"name\" : \"one.wav\"");
        var none = Run.of("ask", "--model", GOLDEN.resolve("gemma3-a").toString(), "--audio", wav.toString());
        assertThat(none.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(none.err()).contains("--audio: want --asr-model, too");
    }

    private static Run live(InputStream sound, String... more) {
        var words = new ArrayList<>(List.of("transcribe", "--model", MODEL, "--quant", "exact", "--microphone-stdin"));
        words.addAll(List.of(more));
        return Run.of(List.of(new TranscribeCommand(sound)), words.toArray(String[]::new));
    }

    /** Pulses through a moving resonance, for so many seconds after one of quiet. */
    static float[] speech(int seconds) {
        float[] voice = new float[(seconds + 2) * 16_000];
        double phase = 0;
        double one = 0;
        double two = 0;
        for (int i = 16_000; i < (seconds + 1) * 16_000; i++) {
            double t = i / 16_000.0;
            phase += (125 + 25 * Math.sin(4 * t)) / 16_000;
            double x = phase >= 1 ? 1 : 0;
            phase -= Math.floor(phase);
            double r = Math.exp(-Math.PI * 90 / 16_000);
            double turn = 2 * Math.PI * (700 + 350 * Math.sin(11 * t)) / 16_000;
            double now = x + 2 * r * Math.cos(turn) * one - r * r * two;
            two = one;
            one = now;
            voice[i] = (float) (0.06 * now * (0.55 - 0.45 * Math.cos(22 * t)));
        }
        return voice;
    }

    @Test
    void speechIsJsonLinesWhereNobodyLooksOn() {
        var run = live(new ByteArrayInputStream(pcm(speech(4))));
        assertThat(run.exit()).as(run.err()).isZero();
        var lines = run.out().lines().toList();
        assertThat(lines.getFirst()).startsWith("{\"event\":\"start\",\"at\":");
        assertThat(lines.getLast())
                .startsWith("{\"event\":\"segment\",\"start\":")
                .contains("\"words\":[{\"text\":");
        assertThat(lines).anyMatch(line -> line.startsWith("{\"event\":\"stable\""));
        var twice = live(new ByteArrayInputStream(pcm(doubled(speech(4)))), "--rate", "32000");
        assertThat(twice.out()).contains("\"event\":\"segment\"");
    }

    /** Each sample twice: the same sound at twice the rate, roughly. */
    private static float[] doubled(float[] samples) {
        float[] twice = new float[2 * samples.length];
        for (int i = 0; i < twice.length; i++) twice[i] = samples[i / 2];
        return twice;
    }

    @Test
    void noiseHasNoTextAndABrokenMicrophoneIsTold() {
        var random = new Random(1);
        float[] noise = new float[80_001];
        for (int i = 0; i < noise.length; i++) noise[i] = (float) (0.05 * random.nextGaussian());
        var run = live(new ByteArrayInputStream(Arrays.copyOf(pcm(noise), 160_001)), "--format", "json");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEmpty();
        var broken = live(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the microphone was unplugged");
            }

            @Override
            public int read(byte[] bytes, int from, int count) throws IOException {
                return read();
            }
        });
        assertThat(broken.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(broken.err()).contains("unplugged");
    }
}
