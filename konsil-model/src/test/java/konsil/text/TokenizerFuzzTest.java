package konsil.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Supplier;
import konsil.tensor.file.BadFileException;

/**
 * Whatever the bytes, a reader gives a tokenizer that works, or a {@link BadFileException}. In a normal test run the
 * saved inputs are replayed; docs/text.md tells how to search for new ones.
 */
class TokenizerFuzzTest {
    private static final Path NAME = Path.of("fuzz.bin");
    private static final String TEXT = "a b<bos>\n\n  \u2581\u00e9\u8840\uD83E\uDEC0\uD83E<0x41>abab   aaaa>\u2581</";

    @FuzzTest(maxDuration = "10m")
    void json(byte[] data) throws IOException {
        works(() -> TokenizerFiles.ofJson(ByteBuffer.wrap(data), NAME));
    }

    @FuzzTest(maxDuration = "10m")
    void sentencePiece(byte[] data) throws IOException {
        works(() -> TokenizerFiles.ofModel(ByteBuffer.wrap(data), NAME));
    }

    @FuzzTest(maxDuration = "10m")
    void packed(byte[] data) throws IOException {
        works(() -> Tokenizer.readPacked(ByteBuffer.wrap(data), NAME));
    }

    /** Encodes, decodes, and does the same once more as a packed tokenizer. */
    static void works(Supplier<Tokenizer> reader) throws IOException {
        Tokenizer tokenizer;
        try {
            tokenizer = reader.get();
        } catch (BadFileException refused) {
            assertThat(refused).hasMessageStartingWith("fuzz.bin: ");
            return;
        }
        int[] ids = tokenizer.encode(TEXT);
        String decoded = tokenizer.decode(ids, Specials.KEEP);
        if (!tokenizer.packable()) {
            return;
        }
        var unpacked = Tokenizer.readPacked(ByteBuffer.wrap(TokenizerGoldenTest.pack(tokenizer)), NAME);
        assertThat(unpacked.encode(TEXT)).isEqualTo(ids);
        assertThat(unpacked.decode(ids, Specials.KEEP)).isEqualTo(decoded);
    }
}
