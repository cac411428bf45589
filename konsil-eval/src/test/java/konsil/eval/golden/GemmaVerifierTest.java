package konsil.eval.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import konsil.medgemma.WorkingFormat;
import konsil.tensor.file.BadFileException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A golden directory that is not the model's says so, and where. */
final class GemmaVerifierTest {
    private static final Path MODEL = GoldenCopy.original("gemma3-a");
    private static final String CASE = "one_image";

    @TempDir
    Path folder;

    private GoldenCopy golden;

    @BeforeEach
    void copy() throws IOException {
        golden = GoldenCopy.of(folder.resolve("golden"), CASE);
    }

    private GoldenReport exact() throws IOException {
        return golden.verify(MODEL, WorkingFormat.EXACT);
    }

    @Test
    void whatTheReferenceComputedPassesAndSaysHow() throws IOException {
        var report = exact();
        assertThat(report.firstOff()).isEmpty();
        assertThat(report.facts()).containsEntry("angles", "bf16-rounded").containsEntry("layout", "gemma3");
        var stages = report.cases().getFirst().comparisons();
        assertThat(stages)
                .extracting(Comparison::stage)
                .containsExactly(
                        "ids",
                        "pixels",
                        "vision_last_hidden",
                        "image_features",
                        "logits_last",
                        "logits_all_argmax",
                        "loss",
                        "greedy");
        assertThat(stages).extracting(Comparison::outcome).containsOnly(Comparison.Outcome.PASSED);
    }

    @ParameterizedTest
    @CsvSource({"vision_last_hidden", "image_features", "logits_last", "loss"})
    void aDamagedValueIsFound(String stage) throws IOException {
        golden.change("cases/one_image.safetensors", stage, values -> {
            values[0] += 0.05f;
            return values;
        });
        assertThat(exact().firstOff())
                .hasValueSatisfying(off -> assertThat(off).startsWith(stage + " of case " + CASE));
    }

    @Test
    void valuesThatAreNoNumbersAreOff() throws IOException {
        golden.change("cases/one_image.safetensors", "logits_last", values -> {
            values[3] = Float.NaN;
            return values;
        });
        assertThat(exact().firstOff()).hasValueSatisfying(off -> assertThat(off).startsWith("logits_last"));
    }

    @Test
    void valuesOfAnotherShapeAreOff() throws IOException {
        golden.change("cases/one_image.safetensors", "logits_last", values -> Arrays.copyOf(values, 7));
        assertThat(exact().firstOff()).hasValueSatisfying(off -> assertThat(off).endsWith("want 7 values, got 1024"));
    }

    @Test
    void anotherLikeliestIdIsOff() throws IOException {
        golden.change("cases/one_image.safetensors", "logits_all_argmax", values -> {
            values[5] += 1;
            return values;
        });
        assertThat(exact().firstOff())
                .hasValueSatisfying(
                        off -> assertThat(off).startsWith("logits_all_argmax").endsWith("1 of 64 ids are others"));
    }

    @Test
    void otherWordsAreOff() throws IOException {
        golden.changeId("greedy", 23);
        assertThat(exact().firstOff())
                .hasValueSatisfying(off -> assertThat(off).startsWith("greedy").endsWith("1 of 24 ids are others"));
    }

    @Test
    void otherIdsOfThePromptAreOffBeforeAllElse() throws IOException {
        golden.changeId("input_ids", 3);
        assertThat(exact().firstOff()).hasValueSatisfying(off -> assertThat(off)
                .startsWith("ids of case one_image")
                .endsWith("position 3: want id 330, got 329"));
    }

    @Test
    void otherPixelsAreOffHoweverNear() throws IOException {
        golden.change("cases/pixels.safetensors", "gray_64x64.png", values -> {
            values[9] = Math.nextUp(values[9]);
            return values;
        });
        assertThat(exact().firstOff())
                .hasValueSatisfying(
                        off -> assertThat(off).startsWith("pixels").endsWith("1 of 37632 values are others"));
    }

    @Test
    void otherIdsOfATextAloneAreOff() throws IOException {
        Path file = golden.folder().resolve(CasesFile.TOKENIZER);
        Files.writeString(file, "[{\"text\":\" \",\"ids\":[1,2]}]");
        assertThat(exact().firstOff()).hasValueSatisfying(off -> assertThat(off).contains("(tokenizer cases)"));
    }

    @Test
    void whatIsAbsentIsSkippedAndSaid() throws IOException {
        Files.delete(golden.folder().resolve("images/gray_64x64.png"));
        golden.change("cases/one_image.safetensors", "loss", values -> values);
        var report = exact();
        assertThat(report.passed()).isTrue();
        assertThat(report.cases().getFirst().comparisons())
                .filteredOn(c -> c.outcome() == Comparison.Outcome.SKIPPED)
                .singleElement()
                .satisfies(c -> assertThat(c.note()).isEqualTo("no pictures in the golden directory"));
    }

    @Test
    void unknownValuesAreNamed() throws IOException {
        Files.copy(
                golden.folder().resolve("cases/pixels.safetensors"),
                golden.folder().resolve("cases/one_image.safetensors"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(this::exact)
                .isInstanceOf(BadFileException.class)
                .hasMessage("golden: holds no values of any case that can be compared with this model");
    }

    @Test
    void fastModesAreHeldToTheirCosine() throws IOException {
        assertThat(golden.verify(MODEL, WorkingFormat.BF16).bounds())
                .singleElement()
                .satisfies(bound -> assertThat(bound.met()).isTrue());
        golden.change("cases/one_image.safetensors", "logits_last", values -> {
            values[0] += 0.5f;
            return values;
        });
        var report = golden.verify(MODEL, WorkingFormat.BF16);
        assertThat(report.firstOff()).hasValueSatisfying(off -> assertThat(off).startsWith("logits_last: mean cosine"));
    }

    @Test
    void otherWeightsAreShownAndNotJudged() throws IOException {
        var report = golden.verify(MODEL, WorkingFormat.Q4_0);
        assertThat(report.passed()).isTrue();
        assertThat(report.bounds()).isEmpty();
        assertThat(report.notes()).anyMatch(note -> note.contains("other weights"));
    }
}
