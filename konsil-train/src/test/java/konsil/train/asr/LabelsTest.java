package konsil.train.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import konsil.kernel.KernelChoice.Kind;
import konsil.medasr.MedAsrConfig;
import konsil.tensor.BadInputException;
import konsil.text.Specials;
import org.junit.jupiter.api.Test;

final class LabelsTest {
    private interface Check {
        void of(SmallSpeech small) throws IOException;
    }

    private static void withSmall(Check check) throws IOException {
        try (var small = new SmallSpeech(Kind.SCALAR)) {
            check.of(small);
        }
    }

    @Test
    void labelsAreTheTokenizersIdsWithTheEndMark() throws IOException {
        withSmall(small -> {
            var tokenizer = small.model.tokenizer().orElseThrow();
            String text = tokenizer.decode(new int[] {20, 40, 60}, Specials.SKIP);
            var plain = Labels.of(tokenizer, small.model.config(), false).of(text);
            assertThat(plain).isEqualTo(tokenizer.encode(text));
            var ended = Labels.of(tokenizer, small.model.config(), true).of(text);
            assertThat(ended).hasSize(plain.length + 1).startsWith(plain).endsWith(2);
            assertThat(Labels.of(tokenizer, small.model.config(), true).of(text + "</s>"))
                    .isEqualTo(ended);
        });
    }

    @Test
    void whatTheNetworkCannotSayIsRefusedWithoutTellingIt() throws IOException {
        withSmall(small -> {
            var tokenizer = small.model.tokenizer().orElseThrow();
            var labels = Labels.of(tokenizer, small.model.config(), true);
            assertThatThrownBy(() -> labels.of("\u4e2d"))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage("text: has characters that the model's tokenizer cannot write");
            var config = new MedAsrConfig(small.model.config().encoder(), 4, 0);
            String text = tokenizer.decode(new int[] {20}, Specials.SKIP);
            assertThatThrownBy(() -> Labels.of(tokenizer, config, false).of(text))
                    .hasMessageContaining("none of the network's 4 tokens");
            var narrow = new MedAsrConfig(small.model.config().encoder(), 2, 0);
            assertThatThrownBy(() -> Labels.of(tokenizer, narrow, true)).hasMessageContaining("leave the end mark out");
        });
    }

    @Test
    void neighboursThatAreEqualNeedABlankBetweenThem() {
        assertThat(Labels.framesNeeded(new int[0])).isZero();
        assertThat(Labels.framesNeeded(new int[] {5, 6, 5})).isEqualTo(3);
        assertThat(Labels.framesNeeded(new int[] {5, 5, 5, 6})).isEqualTo(6);
    }
}
