package konsil.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real Gemma 3 tokenizer, which is too large for the project. Runs only if the environment variable
 * KONSIL_GEMMA3_TOKENIZER names a folder that holds gemma3_tokenizer.json.gz and gemma3_golden.jsonl, and fails if they
 * are not there.
 */
@EnabledIfEnvironmentVariable(named = "KONSIL_GEMMA3_TOKENIZER", matches = ".+")
final class RealTokenizerTest {
    private static final Path GOLDEN = Path.of(System.getenv().getOrDefault("KONSIL_GEMMA3_TOKENIZER", ""));

    @TempDir
    Path folder;

    private Path unpacked() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        try (var from = new GZIPInputStream(Files.newInputStream(GOLDEN.resolve("gemma3_tokenizer.json.gz")))) {
            Files.copy(from, file);
        }
        return file;
    }

    @Test
    void everyIdOfTheGoldenLines() throws IOException {
        Path file = unpacked();
        long start = System.nanoTime();
        var tokenizer = TokenizerFiles.open(file);
        System.out.printf("tokenizer.json read in %d ms%n", (System.nanoTime() - start) / 1_000_000);
        var cases = TextGolden.lines(GOLDEN.resolve("gemma3_golden.jsonl"));
        assertThat(cases).hasSizeGreaterThanOrEqualTo(700);
        TokenizerGoldenTest.agrees(tokenizer, cases);
        for (var line : cases) {
            String spaces = line.text().replace(Tokenizer.SPACE_MARK, ' ');
            assertThat(tokenizer.decode(line.ids(), Specials.KEEP)).isEqualTo(spaces);
        }
        byte[] packed = TokenizerGoldenTest.pack(tokenizer);
        start = System.nanoTime();
        var again = Tokenizer.readPacked(ByteBuffer.wrap(packed), Path.of("packed"));
        System.out.printf("packed form read in %d ms%n", (System.nanoTime() - start) / 1_000_000);
        TokenizerGoldenTest.agrees(again, cases);
    }

    @Test
    void theTokensThatMedGemmaNeeds() throws IOException {
        var tokenizer = TokenizerFiles.open(unpacked());
        assertThat(tokenizer.size()).isEqualTo(262_145);
        assertThat(tokenizer.encode("<bos><start_of_turn><end_of_turn>\n\n\n\n\n"))
                .containsExactly(2, 105, 106, 111);
        assertThat(tokenizer.encode("<unused94><unused95><unused96><unused97>")).containsExactly(100, 101, 102, 103);
        assertThat(tokenizer.encode("<start_of_image><image_soft_token><end_of_image>"))
                .containsExactly(255_999, 262_144, 256_000);
    }
}
