package konsil.medgemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Checkpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TokenSequenceTest {
    private static final int SOFT = 9;
    private static final int TOKENS = 16;

    private MedGemmaConfig config;

    @BeforeEach
    void anyModelWithImages() throws IOException {
        try (var checkpoint = Checkpoint.open(Golden.of("gemma3-b").folder())) {
            config = MedGemmaConfig.of(checkpoint);
        }
    }

    /** Words as they are, and for each -1 an image. */
    private static int[] ids(int... parts) {
        return java.util.Arrays.stream(parts)
                .flatMap(part -> part >= 0
                        ? java.util.stream.IntStream.of(part)
                        : java.util.stream.IntStream.generate(() -> SOFT).limit(TOKENS))
                .toArray();
    }

    @Test
    void runsOfSoftTokensAreImages() {
        var sequence = TokenSequence.of(config, ids(2, 30, -1, 31, -1));
        assertThat(sequence.size()).isEqualTo(35);
        assertThat(sequence.images()).isEqualTo(2);
        assertThat(sequence.imageOf(1)).isNegative();
        assertThat(sequence.imageOf(2)).isZero();
        assertThat(sequence.imageOf(17)).isZero();
        assertThat(sequence.imageOf(18)).isNegative();
        assertThat(sequence.imageOf(34)).isEqualTo(1);
        assertThat(sequence.softIndex(2)).isZero();
        assertThat(sequence.softIndex(34)).isEqualTo(15);
        assertThat(sequence.words(0, 4)).containsExactly(2, 30, 0, 0);
        assertThat(sequence.softPositions(16, 21)).containsExactly(16, 17, 19, 20);
        assertThat(sequence.mask().sees(2, 17)).isTrue();
        assertThat(sequence.mask().sees(17, 19)).isFalse();
        assertThat(sequence.id(2)).isEqualTo(SOFT);
        assertThat(sequence.ids()).isEqualTo(ids(2, 30, -1, 31, -1));
    }

    @Test
    void runsOfAnotherLengthAreRefused() {
        assertThatThrownBy(() -> TokenSequence.of(config, 2, SOFT, SOFT, 3))
                .isInstanceOf(BadInputException.class)
                .hasMessage("token 1: 2 image soft tokens in a row, want 16 for each image");
        assertThatThrownBy(() -> TokenSequence.of(config, ids(2, -1, -1))).isInstanceOf(BadInputException.class);
    }

    @Test
    void textOnlyModelsKnowNoSoftTokens() {
        var textOnly = new MedGemmaConfig(config.text(), java.util.Optional.empty(), config.stopTokens());
        assertThat(TokenSequence.of(textOnly, 2, SOFT, SOFT).images()).isZero();
        assertThat(TokenSequence.ofText(2, SOFT).imageOf(1)).isNegative();
    }

    @Test
    void commonBeginningsCutNoImage() {
        var one = TokenSequence.of(config, ids(2, 30, -1, 31, 32));
        assertThat(one.commonPrefix(TokenSequence.of(config, ids(2, 30, -1, 31, 40))))
                .isEqualTo(19);
        assertThat(one.commonPrefix(TokenSequence.of(config, ids(2, 31, -1)))).isEqualTo(1);
        assertThat(one.commonPrefix(one)).isEqualTo(20);
        assertThat(one.commonPrefix(TokenSequence.of(config, ids(2, 30, -1)))).isEqualTo(18);
        assertThat(one.commonPrefix(TokenSequence.ofText(2, 30, SOFT, SOFT, SOFT, 7)))
                .isEqualTo(2);
    }

    @Test
    void idsAreCopied() {
        int[] ids = {2, 30};
        var sequence = TokenSequence.ofText(ids);
        ids[1] = 99;
        sequence.ids()[0] = 99;
        assertThat(sequence.ids()).containsExactly(2, 30);
    }
}
