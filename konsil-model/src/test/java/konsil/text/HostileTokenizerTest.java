package konsil.text;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import konsil.tensor.file.BadFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sound files with a few bytes changed, and files made to be large or slow. */
@Timeout(300)
final class HostileTokenizerTest {
    private static final Path NAME = Path.of("fuzz.bin");
    private static final int ROUNDS = 150;

    @Test
    void changedJson() throws IOException {
        change(Files.readAllBytes(TextGolden.path("gemma3-a/tokenizer.json")), 1, b -> TokenizerFiles.ofJson(b, NAME));
    }

    @Test
    void changedSentencePiece() throws IOException {
        change(Files.readAllBytes(TextGolden.path("text/bytes.model")), 2, b -> TokenizerFiles.ofModel(b, NAME));
        change(Files.readAllBytes(TextGolden.path("text/unknown.model")), 3, b -> TokenizerFiles.ofModel(b, NAME));
    }

    @Test
    void changedPacked() throws IOException {
        for (String source : new String[] {"gemma3-a/tokenizer.json", "text/holes.model"}) {
            byte[] packed = TokenizerGoldenTest.pack(TokenizerFiles.open(TextGolden.path(source)));
            change(packed, 4, b -> Tokenizer.readPacked(b, NAME));
        }
    }

    private static void change(byte[] sound, int seed, Function<ByteBuffer, Tokenizer> reader) throws IOException {
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = sound.clone();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(200, bytes.length));
                bytes[at] =
                        random.nextBoolean() ? (byte) random.nextInt(256) : (byte) (bytes[at] ^ 1 << random.nextInt(8));
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            TokenizerFuzzTest.works(() -> reader.apply(ByteBuffer.wrap(Arrays.copyOf(bytes, length))));
        }
    }

    @Test
    void moreTokensThanAnyoneHas() {
        var json = new StringBuilder("{\"model\":{\"type\":\"BPE\",\"vocab\":{");
        for (int i = 0; i <= Vocabulary.MAX_SIZE; i++) {
            json.append('"')
                    .append(Integer.toString(i, 36))
                    .append("\":")
                    .append(i)
                    .append(',');
        }
        refused(json, "want at most 1048576 tokens");
    }

    @Test
    void moreMergesThanAnyoneHas() {
        var json = new StringBuilder("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"aa\":1},\"merges\":[");
        json.append("[\"a\",\"a\"],".repeat(MergeRules.MAX_SIZE + 1));
        refused(json, "want at most 2097152");
    }

    @Test
    void aTokenThatIsAllOfTheFile() {
        refused(new StringBuilder("{\"model\":{\"vocab\":{\"" + "a".repeat(1 << 20) + "\":0}}}"), "want 1 to 1024");
        refused(new StringBuilder("{\"model\":{\"vocab\":{\"" + "a".repeat(5 << 20) + "\":0}}}"), "too long");
        refused(new StringBuilder("{\"model\":" + "{\"a\":".repeat(100)), "too deep");
    }

    /** Every prefix of the longest token is a token, so each can be cut everywhere. */
    @Test
    void asManyWaysToCutAsThereCanBe() throws IOException {
        var pieces = new ArrayList<ScoredPiece>();
        for (int length = 1; length <= TextIndex.MAX_LENGTH; length++) {
            pieces.add(new ScoredPiece("a".repeat(length), -length, ScoredPiece.Kind.NORMAL));
        }
        TokenizerFuzzTest.works(() -> TokenizerFiles.ofPieces(NAME, pieces, false));
    }

    private static void refused(StringBuilder json, String message) {
        var bytes = ByteBuffer.wrap(json.toString().getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> TokenizerFiles.ofJson(bytes, NAME))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }
}
