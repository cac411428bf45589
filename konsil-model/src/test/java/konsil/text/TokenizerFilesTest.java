package konsil.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Json;
import konsil.tensor.file.MetaType;
import konsil.tensor.file.MetaValue;
import konsil.tensor.file.Metadata;
import konsil.text.ScoredPiece.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenizerFilesTest {
    private static final Path FILE = Path.of("folder", "t.json");
    private static final String SMALL = """
            {"version":"1.0","truncation":{"max_length":5},"padding":null,
             "added_tokens":[{"id":4,"content":"<bos>","single_word":false,"lstrip":false,"rstrip":false,
                              "normalized":false,"special":true}],
             "normalizer":{"type":"Replace","pattern":{"String":" "},"content":"\u2581"},
             "pre_tokenizer":{"type":"Split","pattern":{"String":" "},"behavior":"MergedWithPrevious","invert":false},
             "post_processor":{"type":"TemplateProcessing"},
             "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"\u2581"},"content":" "},
                        {"type":"ByteFallback"},{"type":"Fuse"}]},
             "model":{"type":"BPE","dropout":null,"unk_token":"?","continuing_subword_prefix":null,
                      "end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,"ignore_merges":false,
                      "vocab":{"?":0,"ab":3,"a":1,"b":2},"merges":[["a","b"]]}}""";

    @TempDir
    Path folder;

    private static Tokenizer read(String json) {
        return TokenizerFiles.ofJson(TextGolden.utf8(json), FILE);
    }

    @Test
    void readsATokenizerOfFiveTokens() {
        var tokenizer = read(SMALL);
        assertThat(tokenizer.size()).isEqualTo(5);
        assertThat(tokenizer.encode("ba<bos>abxa")).containsExactly(2, 1, 4, 3, 0, 1);
        assertThat(tokenizer.decode(new int[] {4, 3}, Specials.SKIP)).isEqualTo("ab");
    }

    @Test
    void mergesMayComeFirstOrBeWrittenInOneString() throws IOException {
        String merges = "\"merges\":[[\"a\",\"b\"]]";
        String swapped = SMALL.replace("," + merges, "").replace("\"vocab\"", merges + ",\"vocab\"");
        assertThat(swapped).isNotEqualTo(SMALL);
        assertThat(read(swapped).encode("ab")).containsExactly(3);
        assertThat(TokenizerFiles.open(Files.writeString(folder.resolve("x"), swapped))
                        .encode("ab"))
                .containsExactly(3);
        assertThat(read(SMALL.replace("[\"a\",\"b\"]", "\"a b\"")).encode("ab")).containsExactly(3);
    }

    @Test
    void ofTwoMergesOfTheSamePairTheLastCounts() {
        String twice = SMALL.replace("\"b\":2", "\"b\":2,\"ba\":4")
                .replace("\"id\":4", "\"id\":5")
                .replace("[[\"a\",\"b\"]]", "[[\"a\",\"b\"],[\"b\",\"a\"],[\"a\",\"b\"]]");
        assertThat(read(twice).encode("aba")).containsExactly(1, 4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"version\" | [{\"version\" | the file: want an object",
                "\"padding\" | \"stuffing\" | stuffing: Konsil does not know",
                "\"padding\" | \"version\" | version: this key stands twice",
                "\"BPE\" | \"WordPiece\" | model.type: want BPE or Unigram",
                "\"BPE\" | \"Unigram\" | model.vocab: want a list of texts and scores",
                "\"type\":\"BPE\", | `` | model.type: is missing",
                "\"dropout\":null | \"dropout\":0.1 | model.dropout: want none",
                "suffix\":null | suffix\":\"</w>\" | model.end_of_word_suffix: want none",
                "merges\":false | merges\":true | model.ignore_merges: want false",
                "\"dropout\" | \"drop\" | with model.drop",
                "\"?\",\"cont | \"!\",\"cont | model.unk_token: is no token",
                "\"content\":\"▁\" | \"content\":\"_\" | normalizer: Konsil understands none but {",
                "\"Split\" | \"Metaspace\" | pre_tokenizer: Konsil understands none but {",
                "{\"type\":\"Fuse\"} | {\"type\":\"Strip\"} | decoder: Konsil",
            })
    void refusesSettingsItDoesNotUnderstand(String part, String instead, String message) {
        refuses(part, instead, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"vocab\":{\"?\":0,\"ab\":3,\"a\":1,\"b\":2} | \"vocab\":7 | model.vocab: want an object",
                "\"b\":2 | \"b\":2,\"b\":4 | model.vocab: entry 4: this token stands twice",
                "\"b\":2 | \"b\":2,\"\":4 | entry 4: want 1 to 1024 characters",
                "\"b\":2 | \"b\":2,\"\\ud800\":4 | not valid JSON",
                "\"b\":2 | \"b\":9 | want each id of 0..3 once, got 9",
                "\"b\":2 | \"b\":1 | want each id of 0..3 once, got 1",
                "\"b\":2 | \"b\":-2 | want an id of 0..1048575, got -2",
                "\"b\":2 | \"b\":2000000 | want an id of 0..1048575, got 2000000",
                "\"b\":2 | \"b\":\"2\" | want a whole number",
                "\"b\":2 | \"b\":2.5 | want a whole number",
                "[\"a\",\"b\"] | [\"a\",\"c\"] | merges: entry 0: one of its parts",
                "[\"a\",\"b\"] | [\"b\",\"a\"] | merges: entry 0: what it makes",
                "[\"a\",\"b\"] | [\"a\"] | entry 0: want two tokens",
                "[\"a\",\"b\"] | [\"a\",\"b\",\"a\"] | want two parts, got more",
                "[\"a\",\"b\"] | \"ab\" | want two tokens with one space",
                "[\"a\",\"b\"] | 7 | want a list of two tokens",
                "[[\"a\",\"b\"]] | {} | model.merges: want a list",
                "\"vocab\" | \"words\" | model: want a vocab and merges",
                "\"merges\" | \"rules\" | model: want a vocab and merges",
            })
    void refusesABrokenVocabulary(String part, String instead, String message) {
        refuses(part, instead, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"id\":4 | \"id\":7 | "
                        + "added_tokens.id: want the id of the vocabulary, or the next one behind it, got 7",
                "\"id\":4,\"content\":\"<bos>\" | \"id\":4,\"content\":\"a\" | added_tokens.id: want the id of the",
                "\"content\":\"<bos>\" | \"content\":\"\" | added_tokens.content: want 1 to 1024",
                "\"lstrip\":false | \"lstrip\":true | added_tokens.lstrip: want false",
                "\"single_word\":false | \"single_word\":true | added_tokens.single_word: want false",
                "\"special\":true | \"special\":true,\"x\":1 | what to do with x",
                "\"special\":true} | \"special\":true},3 | want a JSON object",
            })
    void refusesAddedTokensItDoesNotUnderstand(String part, String instead, String message) {
        refuses(part, instead, message);
    }

    private static void refuses(String part, String instead, String message) {
        assertThat(SMALL).contains(part);
        String wrong = SMALL.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(instead));
        assertThatThrownBy(() -> read(wrong))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith("t.json: ")
                .hasMessageContaining(message);
    }

    @Test
    void refusesACharacterSplitterWithoutANormaliser() {
        var none = Pattern.compile("\"normalizer\":\\{.*?},\"content\":\"\u2581\"}")
                .matcher(SMALL);
        assertThatThrownBy(() -> read(none.replaceFirst("\"normalizer\":null")))
                .hasMessage("t.json: pre_tokenizer: want none where there is no normalizer");
    }

    @Test
    void opensWhateverHoldsATokenizer() throws IOException {
        int[] wanted = TextGolden.gemma().encode("Heart size is normal.");
        for (String name : List.of("gemma3-a", "gemma3-a/tokenizer.json", "gguf-a/text-BF16.gguf")) {
            assertThat(TokenizerFiles.open(TextGolden.path(name)).encode("Heart size is normal."))
                    .as(name)
                    .isEqualTo(wanted);
        }
        try (var checkpoint = Checkpoint.open(TextGolden.path("gemma3-a"))) {
            assertThat(TokenizerFiles.of(checkpoint).encode("Heart size is normal."))
                    .isEqualTo(wanted);
        }
        Path packed = folder.resolve(TokenizerFiles.PACKED);
        Files.write(packed, TokenizerGoldenTest.pack(TextGolden.gemma()));
        assertThat(TokenizerFiles.open(packed).encode("Heart size is normal.")).isEqualTo(wanted);
        Files.copy(TextGolden.path("text/bytes.model"), folder.resolve("tokenizer.model"));
        assertThat(TokenizerFiles.open(folder).size()).isEqualTo(700);
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertThatThrownBy(() -> TokenizerFiles.open(folder.resolve("none.json")))
                .hasMessage("none.json: there is no such file, or no permission to read it");
        assertThatThrownBy(() -> TokenizerFiles.open(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("found none");
        for (Path none :
                List.of(TextGolden.path("gemma3-a/model.safetensors"), Files.createFile(folder.resolve("empty")))) {
            assertThatThrownBy(() -> TokenizerFiles.open(none))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageEndingWith(
                            ": want the folder of a model, tokenizer.json, tokenizer.model, a GGUF file or a "
                                    + "packed model");
        }
        Path lone = folder.resolve("lone");
        Files.createDirectory(lone);
        Files.copy(TextGolden.path("gemma3-a/model.safetensors"), lone.resolve("model.safetensors"));
        assertThatThrownBy(() -> TokenizerFiles.open(lone))
                .hasMessage("lone: want tokenizer.json or tokenizer.model beside the model, or a tokenizer in it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokenizer.ggml.model | gpt2 | tokenizer.ggml.model: want llama",
                "tokenizer.ggml.add_space_prefix | true | add_space_prefix: want false",
                "tokenizer.ggml.precompiled_charsmap | x | precompiled_charsmap: want none",
                "tokenizer.ggml.scores | | want as many scores and types as tokens, got 2, 3 and 3",
                "tokenizer.ggml.token_type | | token 1: want a type of 1..6, got 9",
            })
    void refusesGgufOfAnotherKind(String key, String value, String message) {
        var values = new LinkedHashMap<String, MetaValue>();
        values.put("tokenizer.ggml.model", new MetaValue.Text("llama"));
        values.put("tokenizer.ggml.tokens", MetaValue.Items.ofTexts(List.of("a", "b", "ab")));
        values.put("tokenizer.ggml.scores", MetaValue.Items.ofFloats(0, 0, -1));
        values.put("tokenizer.ggml.token_type", MetaValue.Items.ofInts(1, 1, 1));
        assertThatThrownBy(() -> TokenizerFiles.ofGguf(FILE, new Metadata(FILE, values)))
                .hasMessage("t.json: <0x00>: want a token for every byte");
        values.put(
                key,
                switch (key) {
                    case "tokenizer.ggml.scores" -> MetaValue.Items.ofFloats(0, 0);
                    case "tokenizer.ggml.token_type" -> MetaValue.Items.ofInts(1, 9, 1);
                    case "tokenizer.ggml.add_space_prefix" -> new MetaValue.Flag(true);
                    default -> new MetaValue.Text(value);
                });
        assertThatThrownBy(() -> TokenizerFiles.ofGguf(FILE, new Metadata(FILE, values)))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
        values.put("tokenizer.ggml.tokens", new MetaValue.Whole(MetaType.U8, 1));
        assertThatThrownBy(() -> TokenizerFiles.ofGguf(FILE, new Metadata(FILE, values)))
                .isInstanceOf(BadFileException.class);
    }

    @Test
    void refusesPiecesThatMakeNoTokenizer() {
        refuses("want 1 to 1048576 tokens, got 0", List.of());
        refuses("token 1: this token stands twice", List.of(piece("a", 0, Kind.NORMAL), piece("a", 0, Kind.BYTE)));
        refuses("token 0: want a finite score", List.of(piece("a", Float.NaN, Kind.NORMAL)));
        refuses("token 0: want 1 to 1024 characters", List.of(piece("", 0, Kind.NORMAL)));
        refuses("token 0: want 1 to 1024 characters", List.of(piece("a".repeat(1025), 0, Kind.NORMAL)));
        refuses(
                "token 1: there is a second unknown token",
                List.of(piece("a", 0, Kind.UNKNOWN), piece("b", 0, Kind.UNKNOWN)));
        refuses(
                "token 1: merges lead to this token, which is marked unused",
                List.of(piece("a", 0, Kind.NORMAL), piece("aa", 0, Kind.UNUSED)));
    }

    private static ScoredPiece piece(String text, float score, Kind kind) {
        return new ScoredPiece(text, score, kind);
    }

    private static void refuses(String message, List<ScoredPiece> pieces) {
        assertThatThrownBy(() -> TokenizerFiles.ofPieces(FILE, pieces, false))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }

    /** Fields of the SentencePiece model that change what it does, each as its bytes in the wire format. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "18 2 24 3 | want a tokenizer of type Unigram (1) or BPE (2), got type 3",
                "18 2 24 1 | byte_fallback: want false for a Unigram model",
                "18 5 24 1 152 2 0 | add_dummy_prefix: want true for a Unigram model",
                "18 3 192 1 1 | treat_whitespace_as_suffix: want false",
                "26 2 24 1 | add_dummy_prefix: want false",
                "26 7 18 1 65 24 0 32 0 | precompiled_charsmap: want none",
                "26 4 24 0 32 1 | remove_extra_whitespaces: want false",
                "26 6 24 0 32 0 40 0 | escape_whitespaces: want true",
                "42 3 18 1 65 | denormalizer_spec.precompiled_charsmap: want none",
                "10 5 10 1 122 24 7 | want a type of 1..6, got 7",
                "10 4 10 2 195 40 | field 1 is not valid UTF-8",
                "10 3 10 9 97 | field 1 says it is 9 bytes long, 1 are left",
                "10 3 18 1 97 | field 2: want a number, got type 2",
                "10 2 21 97 | ends inside field 2",
                "8 1 | field 1: want bytes, got type 0",
                "15 1 | field 1: want bytes, got type 7",
                "87 1 | field 10 has the unknown type 7",
                "128 128 128 128 128 128 128 128 128 128 1 | a number has more than 10 bytes",
                "2 1 | a field has no valid number",
            })
    void refusesSentencePieceModelsOfAnotherKind(String wire, String message) throws IOException {
        byte[] sound = Files.readAllBytes(TextGolden.path("text/bytes.model"));
        var more = ByteBuffer.allocate(sound.length + 16).put(sound);
        for (String value : wire.split(" ", -1)) {
            more.put((byte) Integer.parseInt(value));
        }
        assertThatThrownBy(() -> TokenizerFiles.ofModel(more.flip(), FILE))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith("t.json: ")
                .hasMessageContaining(message);
    }

    @Test
    void refusesAPackedTokenizerOfAnotherVersionOrDamaged() throws IOException {
        byte[] packed = TokenizerGoldenTest.pack(read(SMALL));
        refusesPacked("this is no packed tokenizer", at(packed, 0, 0));
        refusesPacked("has version 9, this Konsil reads 1; import the model again", at(packed, 8, 9));
        refusesPacked("says it holds 2000000000 tokens", at(packed, 20, 2_000_000_000));
        refusesPacked("says it holds -1 characters", at(packed, 24, -1));
        refusesPacked("a number in it is out of range", at(packed, 16, 5));
        refusesPacked("a number in it is out of range", at(packed, 40, 5));
        refusesPacked("a number in it is out of range", at(packed, 48, 1));
        int rules = 48 + 4 * 6;
        refusesPacked("a number in it is out of range", at(packed, rules, 5));
        refusesPacked("a number in it is out of range", at(packed, rules + 4, -1));
        refusesPacked("a number in it is out of range", at(packed, rules + 8, 5));
        for (int length = 0; length < packed.length; length++) {
            refusesPacked("", ByteBuffer.wrap(packed, 0, length).slice());
        }
        refusesPacked(
                "more bytes follow",
                ByteBuffer.allocate(packed.length + 1).put(packed).rewind());
        assertThat(Tokenizer.readPacked(ByteBuffer.wrap(packed), FILE).encode("ab"))
                .containsExactly(3);
    }

    private static ByteBuffer at(byte[] packed, int offset, int value) {
        return ByteBuffer.wrap(packed.clone()).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    }

    private static void refusesPacked(String message, ByteBuffer packed) {
        assertThatThrownBy(() -> Tokenizer.readPacked(packed, FILE))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith("t.json: ")
                .hasMessageContaining(message);
    }

    @Test
    void messagesNameNoContents() {
        String secret = SMALL.replace("\"b\":2", "\"Meier\":9");
        assertThatThrownBy(() -> read(secret)).hasMessageNotContaining("Meier");
        assertThat(new Json.Text("x").kind()).isEqualTo("text");
    }
}
