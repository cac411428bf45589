package konsil.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Json;
import konsil.text.TextGolden.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tokenizer of MedASR as its references have it (golden/text/unigram.py). */
final class UnigramTest {
    private static final Path FILE = Path.of("t.json");
    private static final Path JSON = TextGolden.path("lasr-a/tokenizer.json");
    private static final Path MODEL = TextGolden.path("lasr-a/tokenizer.model");

    private static final Path DAMAGED = Path.of("fuzz.bin");

    private static List<Case> cases() throws IOException {
        return TextGolden.lines(TextGolden.path("text/unigram.jsonl"));
    }

    private static int[] numbers(Json list) {
        return ((Json.Arr) list)
                .items().stream()
                        .mapToInt(id -> (int) ((Json.Whole) id).value())
                        .toArray();
    }

    private static Tokenizer json(String text) {
        return TokenizerFiles.ofJson(TextGolden.utf8(text), FILE);
    }

    /** @param field of the line that holds the wanted ids */
    private static void agrees(Tokenizer tokenizer, String field) throws IOException {
        int seen = 0;
        for (var line : cases()) {
            var wanted = line.line().fields().get(field);
            if (wanted != null) {
                assertThat(tokenizer.encode(line.string("text").orElseThrow()))
                        .as("%s", line)
                        .isEqualTo(numbers(wanted));
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(150);
    }

    private static String charsmap() throws IOException {
        var root = new Protobuf(MODEL, ByteBuffer.wrap(Files.readAllBytes(MODEL)));
        for (int field = root.next(); field != 0; field = root.next()) {
            if (field == 3) {
                var normaliser = root.message();
                while (normaliser.next() != 2) {
                    normaliser.skip();
                }
                var block = normaliser.block();
                byte[] bytes = new byte[block.remaining()];
                block.get(bytes);
                return Base64.getEncoder().encodeToString(bytes);
            }
            root.skip();
        }
        throw new IllegalStateException("no normaliser");
    }

    private static String withCharsmap() throws IOException {
        return Files.readString(JSON)
                .replace(
                        "\"normalizer\": null",
                        "\"normalizer\": {\"type\":\"Precompiled\",\"precompiled_charsmap\":\"%s\"}"
                                .formatted(charsmap()));
    }

    @Test
    void textsByTokenizerJson() throws IOException {
        var tokenizer = TokenizerFiles.open(JSON);
        agrees(tokenizer, "ids");
        for (var line : cases()) {
            assertThat(tokenizer.decode(line.ids(), Specials.KEEP))
                    .as("%s", line)
                    .isEqualTo(line.string("decoded").orElseThrow());
            assertThat(tokenizer.decode(line.ids(), Specials.SKIP))
                    .as("%s", line)
                    .isEqualTo(line.string("shown").orElseThrow());
        }
    }

    @Test
    void textsWithCharactersReplaced() throws IOException {
        agrees(json(withCharsmap()), "replaced");
    }

    @Test
    void textsCutAtSpacesAlone() throws IOException {
        String text = Files.readString(JSON);
        int from = text.indexOf("\"pre_tokenizer\"");
        int to = text.indexOf("\"post_processor\"");
        agrees(
                json(text.substring(0, from)
                        + "\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":"
                        + "\"always\",\"split\":true},"
                        + text.substring(to)),
                "marks");
    }

    @Test
    void textsBySentencePiece() throws IOException {
        agrees(TokenizerFiles.open(MODEL), "pieces");
    }

    @Test
    void aFolderWithItsOlderName(@TempDir Path folder) throws IOException {
        Files.copy(MODEL, folder.resolve("spiece.model"));
        assertThat(TokenizerFiles.open(folder).encode("the heart"))
                .isEqualTo(TokenizerFiles.open(MODEL).encode("the heart"));
    }

    @Test
    void loneSurrogatesAreReplaced() throws IOException {
        var tokenizer = TokenizerFiles.open(JSON);
        assertThat(tokenizer.encode("a\ud800b")).isEqualTo(tokenizer.encode("a\ufffdb"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"normalizer\": null | \"normalizer\": {\"type\":\"NFKC\"} | normalizer: Konsil understands none but",
                "\"normalizer\": null | \"normalizer\": {\"type\":\"Precompiled\",\"precompiled_charsmap\":\"?\"} | Base64",
                "\"normalizer\": null | \"normalizer\": {\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA\"} "
                        + "| its sizes do not fit",
                "\"WhitespaceSplit\" | \"Whitespace\" | pre_tokenizer: Konsil understands",
                "\"prepend_scheme\": \"always\" | \"prepend_scheme\": \"first\" | pre_tokenizer: Konsil understands",
                "\"byte_fallback\": false | \"byte_fallback\": true | model.byte_fallback: want false",
                "\"unk_id\": 3 | \"unk_id\": 3000 | model.unk_id: want an id of 0..443",
                "\"unk_id\": 3 | \"unk_id\": null | model.unk_id: is missing",
                "\"decoder\" | \"stuffing\" | stuffing: Konsil does not know",
                "\"type\": \"Unigram\" | \"type\": \"Unigram\",\"dropout\":0 | with model.dropout",
                "\"<s>\" | \"</s>\" | entry 2: this token stands twice",
            })
    void refusesWhatItDoesNotUnderstand(String part, String instead, String message) throws IOException {
        String text = Files.readString(JSON).replace(part, instead);
        assertThat(text).isNotEqualTo(Files.readString(JSON));
        assertThatThrownBy(() -> json(text))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith("t.json: ")
                .hasMessageContaining(message);
    }

    /** Damaged files are read or refused, never more. */
    @Test
    void survivesDamage() throws IOException {
        byte[] json = withCharsmap().getBytes(StandardCharsets.UTF_8);
        byte[] model = Files.readAllBytes(MODEL);
        var random = new Random(11);
        for (int i = 0; i < 60; i++) {
            TokenizerFuzzTest.works(() -> TokenizerFiles.ofJson(damaged(json, random), DAMAGED));
            TokenizerFuzzTest.works(() -> TokenizerFiles.ofModel(damaged(model, random), DAMAGED));
        }
    }

    private static ByteBuffer damaged(byte[] sound, Random random) {
        byte[] bytes = Arrays.copyOf(sound, random.nextInt(3) == 0 ? random.nextInt(sound.length) : sound.length);
        for (int change = 0; change < 1 + random.nextInt(20) && bytes.length > 0; change++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return ByteBuffer.wrap(bytes);
    }
}
