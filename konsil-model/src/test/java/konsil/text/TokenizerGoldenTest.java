package konsil.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.tensor.file.Json;
import konsil.text.TextGolden.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every id and every decoded character as the references have them (golden/text/make.py). */
final class TokenizerGoldenTest {
    private static final Path FILE = Path.of("tokenizer.json");

    @Test
    void textsOfTheSmallGemma() throws IOException {
        agrees(TextGolden.gemma(), TextGolden.lines(TextGolden.path("text/gemma3-a.jsonl")));
    }

    @Test
    void casesOfTheSmallGemma() throws IOException {
        var cases = TextGolden.list(TextGolden.path("gemma3-a/tokenizer_cases.json")).stream()
                .map(Case::new)
                .toList();
        agrees(TextGolden.gemma(), cases);
    }

    @Test
    void idsThatNoTextHas() throws IOException {
        var tokenizer = TextGolden.gemma();
        var cases = TextGolden.lines(TextGolden.path("text/ids.jsonl"));
        assertThat(cases).hasSizeGreaterThan(200);
        for (var line : cases) {
            decodes(tokenizer, line);
        }
    }

    /** A run of bytes that is no UTF-8 is U+FFFD for each of them, and nothing is shown before that is known. */
    private static void decodes(Tokenizer tokenizer, Case line) {
        for (var specials : Specials.values()) {
            String wanted =
                    line.string(specials == Specials.KEEP ? "decoded" : "shown").orElseThrow();
            assertThat(tokenizer.decode(line.ids(), specials)).as("%s", line).isEqualTo(wanted);
            var stream = tokenizer.stream(specials);
            var shown = new StringBuilder();
            for (int id : line.ids()) {
                shown.append(stream.accept(id));
                assertThat(wanted).as("%s", line).startsWith(shown);
                assertThat(shown.isEmpty() || !Character.isHighSurrogate(shown.charAt(shown.length() - 1)))
                        .isTrue();
            }
            assertThat(shown.append(stream.finish())).hasToString(wanted);
        }
    }

    @Test
    void variantsOfTheFile() throws IOException {
        String source = Files.readString(TextGolden.path("gemma3-a/tokenizer.json"));
        var variants = TextGolden.list(TextGolden.path("text/variants.json"));
        assertThat(variants).hasSize(9);
        for (var variant : variants) {
            String text = source;
            for (Json pair : ((Json.Arr) variant.fields().get("replace")).items()) {
                var both = ((Json.Arr) pair).items();
                text = text.replace(((Json.Text) both.get(0)).value(), ((Json.Text) both.get(1)).value());
            }
            assertThat(text).isNotEqualTo(source);
            var tokenizer = TokenizerFiles.ofJson(TextGolden.utf8(text), FILE);
            var cases = new ArrayList<Case>();
            TextGolden.objects(variant.fields().get("cases")).forEach(line -> cases.add(new Case(line)));
            agrees(tokenizer, cases);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes", "unknown", "holes"})
    void sentencePieceModels(String name) throws IOException {
        var tokenizer = TokenizerFiles.open(TextGolden.path("text/" + name + ".model"));
        agrees(tokenizer, TextGolden.lines(TextGolden.path("text/" + name + ".jsonl")));
    }

    /** Or the last of them would prove nothing. */
    @Test
    void oneModelHasCharactersThatAreNoPieces() throws IOException {
        assertThat(TokenizerModel.read(TextGolden.path("text/holes.model"))
                        .parts()
                        .orElseThrow()
                        .rules()
                        .extra())
                .hasSizeGreaterThan(2);
    }

    @Test
    void ggufOfTheSmallGemma() throws IOException {
        var tokenizer = TokenizerFiles.open(TextGolden.path("gguf-a/text-Q4_0.gguf"));
        agrees(tokenizer, TextGolden.lines(TextGolden.path("text/gemma3-a.jsonl")));
    }

    /** Merge rules, added tokens and settings survive being packed, for all kinds of sources. */
    @ParameterizedTest
    @ValueSource(strings = {"gemma3-a/tokenizer.json", "text/bytes.model", "text/unknown.model", "text/holes.model"})
    void packedIsTheSame(String source) throws IOException {
        var tokenizer = TokenizerFiles.open(TextGolden.path(source));
        byte[] packed = pack(tokenizer);
        var unpacked = Tokenizer.readPacked(ByteBuffer.wrap(packed), Path.of("packed"));
        assertThat(pack(unpacked)).isEqualTo(packed);
        assertThat(unpacked.size()).isEqualTo(tokenizer.size());
        for (var line : TextGolden.lines(TextGolden.path("text/gemma3-a.jsonl"))) {
            int[] ids = tokenizer.encode(line.text());
            assertThat(unpacked.encode(line.text())).isEqualTo(ids);
            for (var specials : Specials.values()) {
                assertThat(unpacked.decode(ids, specials)).isEqualTo(tokenizer.decode(ids, specials));
            }
        }
    }

    static byte[] pack(Tokenizer tokenizer) throws IOException {
        var out = new ByteArrayOutputStream();
        tokenizer.writePacked(out);
        return out.toByteArray();
    }

    static void agrees(Tokenizer tokenizer, List<Case> cases) {
        assertThat(cases).hasSizeGreaterThan(40);
        for (var line : cases) {
            assertThat(tokenizer.encode(line.text())).as("%s", line).isEqualTo(line.ids());
            assertThat(tokenizer.count(line.text())).isEqualTo(line.ids().length);
            if (line.string("decoded").isPresent()) {
                decodes(tokenizer, line);
            }
        }
    }
}
