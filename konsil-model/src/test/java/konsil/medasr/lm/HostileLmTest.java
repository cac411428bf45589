package konsil.medasr.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.MappedBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models cut short, changed, and made to be large or slow. */
@Timeout(120)
final class HostileLmTest {
    private static final Path NAME = Path.of("fuzz.lm");

    private static boolean arpa(byte[] bytes) throws IOException {
        return LmFuzzTest.works(() -> ArpaFile.read(new ByteArrayInputStream(bytes), NAME));
    }

    private static boolean kenlm(byte[] bytes) throws IOException {
        return LmFuzzTest.works(() -> KenLmFile.open(MappedBytes.of(NAME, bytes)));
    }

    @Test
    void cutAtEveryLength() throws IOException {
        byte[] sound = Files.readAllBytes(LmGolden.path("three.kenlm"));
        assertThat(kenlm(sound)).isTrue();
        long refused = 0;
        for (int length = 0; length < sound.length; length++) {
            refused += kenlm(Arrays.copyOf(sound, length)) ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(sound.length - 100); // but for a cut among the words, which are not read
    }

    @ParameterizedTest
    @ValueSource(strings = {"four.trie", "four.qtrie", "four.atrie", "four.qatrie"})
    void triesCutAndChanged(String name) throws IOException {
        byte[] sound = Files.readAllBytes(LmGolden.path(name)); // has no words behind the tables
        assertThat(kenlm(sound)).isTrue();
        for (int length = 0; length < sound.length; length++) {
            assertThat(kenlm(Arrays.copyOf(sound, length)))
                    .as("%d bytes", length)
                    .isFalse();
        }
        change(sound, 11, HostileLmTest::kenlm);
    }

    @Test
    void triesThatPointElsewhere() throws IOException {
        byte[] sound = Files.readAllBytes(LmGolden.path("four.trie"));
        int words = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getInt(144);
        int unigrams = 144 + 8 + 8 * (words + 1);
        for (int word = 0; word <= words + 1; word++) {
            sound = withInt(sound, unigrams + 16 * word + 8, 1 << 30);
        }
        byte[] changed = sound;
        assertThatThrownBy(() -> {
                    try (var model = KenLmFile.open(MappedBytes.of(NAME, changed))) {
                        model.score(model.start(), model.wordId("#no"));
                    }
                })
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("points to n-grams that are not there");
        refused(withInt(Files.readAllBytes(LmGolden.path("four.qtrie")), unigrams, 1), "version 2, got 1");
        refused(withInt(Files.readAllBytes(LmGolden.path("four.qtrie")), unigrams, 0x401A02), "1 to 25 bits, got 26");
    }

    @Test
    void textCutAtManyLengths() throws IOException {
        byte[] sound = Files.readAllBytes(LmGolden.path("three.arpa"));
        assertThat(arpa(sound)).isTrue();
        for (int length = 0; length < sound.length - 1; length += 7) {
            assertThat(arpa(Arrays.copyOf(sound, length)))
                    .as("%d bytes", length)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"pruned.arpa.gz", "pruned.arpa.xz"})
    void compressedTextCutAndChanged(String name) throws IOException {
        byte[] sound = Files.readAllBytes(LmGolden.path(name));
        for (int length = 0; length < sound.length; length += 5) {
            assertThat(arpa(Arrays.copyOf(sound, length)))
                    .as("%d bytes", length)
                    .isFalse();
        }
        change(sound, 7, HostileLmTest::arpa);
    }

    private interface Check {
        boolean works(byte[] bytes) throws IOException;
    }

    @Test
    void changed() throws IOException {
        change(Files.readAllBytes(LmGolden.path("three.arpa")), 1, HostileLmTest::arpa);
        change(Files.readAllBytes(LmGolden.path("pruned.kenlm")), 2, HostileLmTest::kenlm);
        change(Arrays.copyOf(Files.readAllBytes(LmGolden.path("three.kenlm")), 8000), 3, HostileLmTest::kenlm);
    }

    private static void change(byte[] sound, int seed, Check check) throws IOException {
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = sound.clone();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(200, bytes.length));
                bytes[at] =
                        random.nextBoolean() ? (byte) random.nextInt(256) : (byte) (bytes[at] ^ 1 << random.nextInt(8));
            }
            check.works(bytes);
        }
    }

    private static byte[] withInt(byte[] bytes, int at, int value) {
        var copy = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        return copy.putInt(at, value).array();
    }

    private static void refused(byte[] bytes, String message) {
        assertThatThrownBy(() -> KenLmFile.open(MappedBytes.of(NAME, bytes)))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }

    @Test
    void otherKindsAreNamed() throws IOException {
        byte[] sound = Files.readAllBytes(LmGolden.path("three.kenlm"));
        refused(withInt(sound, 96, 1), "\"probing with rest costs\" (1)");
        refused(withInt(sound, 96, 2), "want a trie of version 1, got 0");
        refused(withInt(sound, 96, 77), "\"unknown\" (77)");
        refused(withInt(sound, 104, 1), "version 0, got 1");
        refused(withInt(sound, 112, 1), "n-grams of length 1");
        refused(withInt(sound, 124, Integer.MAX_VALUE), "cut short");
        refused(withInt(sound, 92, Float.floatToIntBits(0.5f)), "multiplier");
        refused(withInt(sound, 60, 0), "test values");
        refused("mmap lm http://kheafield.com/code incomplete\n".getBytes(StandardCharsets.US_ASCII), "did not finish");
        refused(
                "mmap lm http://kheafield.com/code format version 4\n\0".getBytes(StandardCharsets.US_ASCII),
                "version 5");
    }

    /** A table without a free place is searched once around, not for ever. */
    @Test
    void aFullTable() throws IOException {
        byte[] sound = Files.readAllBytes(LmGolden.path("three.kenlm"));
        for (int at = 144; at < 5000; at += 4) {
            sound = withInt(sound, at, 0x01010101);
        }
        assertThat(kenlm(sound)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ngram 1=2;ngram 2=1;;\\1-grams:;-1 <s>;-1 </s>;;\\2-grams:;-1 <s> a;;\\end\\ | line 10: a word",
                "ngram 1=2;ngram 2=1;;\\1-grams:;-1 <s>;-1 <s> | line 7: this 1-gram is there twice",
                "ngram 1=2;ngram 2=2;;\\1-grams:;-1 <s>;-1 </s>;\\2-grams:;-1 <s> <s>;-1 <s> <s> | line 10",
                "ngram 1=3;ngram 2=1;;\\1-grams:;-1 <s>;-1 </s>;;\\2-grams:;-1 <s> a;;\\end\\ | line 9: want",
                "ngram 1=1;ngram 2=1;;\\1-grams:;-1 <s>;-1 </s>;;\\2-grams:;-1 <s> a;;\\end\\ | line 7: want",
                "ngram 1=2;ngram 2=0;;\\1-grams:;1 <s>;-1 </s>;;\\2-grams:;;\\end\\ | line 6: want the log10",
                "ngram 1=2;ngram 2=0;;\\1-grams:;NaN <s>;-1 </s>;;\\2-grams:;;\\end\\ | line 6: want a finite",
                "ngram 1=2;ngram 2=0;;\\1-grams:;-1 <s> 1e99;-1 </s>;;\\2-grams:;;\\end\\ | line 6: want a finite",
                "ngram 1=2;ngram 2=0;;\\1-grams:;-1 a;-1 </s>;;\\2-grams:;;\\end\\ | want the words <s> and </s>",
                "ngram 1=2;ngram 3=0 | line 3: want \"ngram 2=\"",
                "ngram 1=9999999999;ngram 2=0 | line 2: want at most",
                "ngram 1=2;;\\1-grams: | want n-grams of up to 2 to 10 words",
                "ngram 1=2;ngram 2=1000000000;;\\1-grams:;-1 <s>;-1 </s>;;\\2-grams: | the file ends among the 2-grams",
                "ngram 1=2;ngram 2=0;;\\1-grams:;-1 <s>;-1 </s>;;\\2-grams:;;\\3-grams: | want \\end\\",
            })
    void textThatIsWrong(String lines, String message) {
        byte[] bytes = ("\\data\\\n" + lines.replace(';', '\n') + "\n").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> ArpaFile.read(new ByteArrayInputStream(bytes), NAME))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aContextThatIsMissing() {
        String text = """
                \\data\\
                ngram 1=3
                ngram 2=1
                ngram 3=1
                \\1-grams:
                -1 <s>
                -1 </s>
                -1 a
                \\2-grams:
                -1 <s> a
                \\3-grams:
                -1 a a a
                \\end\\
                """;
        assertThatThrownBy(() -> ArpaFile.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), NAME))
                .hasMessageContaining("line 12: the first 2 words of this 3-gram are no 2-gram");
    }

    @Test
    void oneLineOnly() {
        byte[] bytes = "\\data\\ ".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> ArpaFile.read(new ByteArrayInputStream(bytes), NAME))
                .hasMessage("fuzz.lm: line 1: is longer than 65536 bytes");
    }

    @Test
    void noFile(@TempDir Path folder) {
        assertThatThrownBy(() -> NGramModel.open(folder)).isInstanceOf(BadFileException.class);
        assertThatThrownBy(() -> NGramModel.open(folder.resolve("no.arpa"))).isInstanceOf(BadFileException.class);
    }
}
