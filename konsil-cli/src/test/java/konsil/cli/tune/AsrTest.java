package konsil.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import konsil.cli.Exit;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AsrTest {
    private static final String MODEL = Tune.golden("lasr-a");

    /** What each clip is said to hold; any text of the tokenizer's serves. */
    private static final List<String> TEXTS = List.of("no effusion {period}", "the heart is clear", "stable");

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void clips() throws IOException {
        data = folder.resolve("train.jsonl");
        var lines = new ArrayList<String>();
        for (int i = 0; i < TEXTS.size(); i++) {
            Files.write(folder.resolve(i + ".wav"), wav(i));
            lines.add("{\"audio\": \"%d.wav\", \"text\": \"%s\"}".formatted(i, TEXTS.get(i)));
        }
        Files.write(data, lines);
    }

    /** 1.4 s of two tones that change, other ones in each clip; 16 kHz, 16 bits. */
    private static byte[] wav(int clip) {
        int samples = 22_400;
        var file = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples);
        file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        file.putShort((short) 1).putShort((short) 1).putInt(16_000).putInt(32_000);
        file.putShort((short) 2).putShort((short) 16);
        file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples);
        for (int i = 0; i < samples; i++) {
            double tone = 300 + 150.0 * clip + 400.0 * (i / 1600 * (clip + 3) % 7);
            file.putShort((short) (6000 * Math.sin(2 * Math.PI * tone * i / 16_000)));
        }
        return file.array();
    }

    private String[] arguments(String model, Path out, String... more) {
        return Stream.concat(
                        Stream.of("tune", "asr", "--model", model, "--data", data.toString(), "--out", out.toString()),
                        Stream.concat(Stream.of("--progress", "silent"), Stream.of(more)))
                .toArray(String[]::new);
    }

    private static List<Double> figures(Path run, String figure) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("\"" + figure + "\":"))
                .map(line -> Double.parseDouble(
                        line.split("\"" + figure + "\":", -1)[1].split("[,}]", -1)[0]))
                .toList();
    }

    @Test
    void aModelLearnsClipsByHeartAndTranscribesThem() throws IOException {
        Path out = folder.resolve("run");
        var run = Tune.konsil(arguments(
                MODEL,
                out,
                "--held-out",
                data.toString(),
                "--no-augment",
                "--steps",
                "60",
                "--every",
                "20",
                "--lr",
                "4e-3",
                "--batch",
                "3",
                "--warm-up",
                "0.1",
                "--json"));
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("\"finished\" : true", "\"preset\" : \"tune\"", "\"clips\" : 3");
        assertThat(figures(out, "loss").getFirst()).isGreaterThan(5);
        assertThat(figures(out, "held_out_wer").getLast()).isZero();
        assertThat(figures(out, "held_out_loss").getLast()).isLessThan(0.3);
        assertThat(out.resolve("metrics.html")).content().contains("held out wer", "<polyline");
        var heard = Tune.konsil(
                "transcribe",
                "--raw",
                "--quant",
                "exact",
                "--model",
                out.resolve("model").toString(),
                folder.resolve("0.wav").toString());
        assertThat(heard.out()).isEqualTo(TEXTS.getFirst() + "</s>\n");
        sameLayout(Path.of(MODEL), out.resolve("model"));
    }

    private static void sameLayout(Path wanted, Path actual) throws IOException {
        try (var before = Checkpoint.open(wanted);
                var after = Checkpoint.open(actual)) {
            assertThat(after.files()).isEqualTo(before.files());
            assertThat(after.names()).containsExactlyInAnyOrderElementsOf(before.names());
            for (String name : before.names()) {
                assertThat(after.info(name).type())
                        .as(name)
                        .isEqualTo(before.info(name).type());
                assertThat(after.info(name).shape())
                        .as(name)
                        .isEqualTo(before.info(name).shape());
                if (name.contains("running")) {
                    assertThat(after.f32(name)).as(name).isEqualTo(before.f32(name));
                }
            }
        }
    }

    /** With fresh weights, statistics that move, augmentation and several batches a step: all that a snapshot keeps. */
    @Test
    void aKilledRunGoesOnWithTheNumbersOfOneThatWasNot() throws Exception {
        String[] settings = {
            "--preset",
            "scratch",
            "--store",
            "bf16",
            "--held-out",
            data.toString(),
            "--steps",
            "8",
            "--batch",
            "2",
            "--every",
            "3",
            "--save",
            "2",
            "--together",
            "1.5"
        };
        Path whole = folder.resolve("whole");
        var run = Tune.konsil(arguments(MODEL, whole, settings));
        assertThat(run.exit()).as(run.out() + run.err()).isZero();

        Path killed = folder.resolve("killed");
        assertThat(HaltingTune.run(folder, 5, arguments(MODEL, killed, settings)))
                .isEqualTo(HaltingTune.CODE);
        assertThat(killed.resolve("model")).doesNotExist();
        var refused = Tune.konsil(arguments(MODEL, killed, settings));
        assertThat(refused.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(refused.err()).contains("holds a run already; use --resume");

        var other = new ArrayList<>(List.of(settings));
        other.addAll(List.of("--resume", "--statistics", "running"));
        assertThat(Tune.konsil(arguments(MODEL, killed, other.toArray(String[]::new)))
                        .err())
                .contains("batch_norms was of the batch, momentum 0.01, is running statistics, frozen");

        var again = new ArrayList<>(List.of(settings));
        again.add("--resume");
        var resumed = Tune.konsil(arguments(MODEL, killed, again.toArray(String[]::new)));
        assertThat(resumed.exit()).as(resumed.err()).isZero();
        assertThat(Files.readAllLines(killed.resolve("metrics.jsonl")))
                .isEqualTo(Files.readAllLines(whole.resolve("metrics.jsonl")));
        String file = "model/model.safetensors";
        assertThat(Files.mismatch(killed.resolve(file), whole.resolve(file))).isEqualTo(-1);
        try (var model = Checkpoint.open(whole.resolve("model"))) {
            assertThat(model.info("ctc_head.weight").type()).isEqualTo(FileType.BF16);
            assertThat(model.f32("encoder.layers.0.conv.norm.running_mean")).isNotEqualTo(new float[64]);
        }
    }

    @Test
    void dataAreCheckedBeforeTheFirstStep() throws IOException {
        Files.writeString(
                data, "{\"audio\": \"0.wav\", \"text\": \"fine\"}\n{\"audio\": \"9.wav\", \"text\": \"x\"}\n");
        Path out = folder.resolve("run");
        var run = Tune.konsil(arguments(MODEL, out));
        assertThat(run.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(run.err()).contains("line 2: audio: there is no such sound file");
        assertThat(out.resolve("metrics.jsonl")).doesNotExist();
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        Path out = folder.resolve("run");
        assertThat(Tune.konsil(arguments(MODEL, out, "--preset", "best")).err())
                .contains("preset: want one of tune, notebook, scratch");
        assertThat(Tune.konsil(arguments(MODEL, out, "--statistics", "x")).err())
                .contains("want running or batch, got x");
        assertThat(Tune.konsil(arguments(MODEL, out, "--speed", "0.7")).err()).contains("speed: want 0 to 0.5");
        assertThat(Tune.konsil(arguments(MODEL, out, "--fresh", "--store", "q8_0"))
                        .err())
                .contains("--store: want f32 or bf16, got q8_0");
        assertThat(Tune.konsil(arguments(folder.resolve("none").toString(), out))
                        .err())
                .contains("want the folder of a MedASR");
    }
}
