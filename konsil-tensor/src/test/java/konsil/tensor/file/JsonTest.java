package konsil.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final Path FILE = Path.of("folder", "x.json");

    @TempDir
    Path folder;

    private static Json parse(String text) {
        return Json.parse(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)), FILE, JsonLimits.settings());
    }

    @Test
    void readsEveryKindOfValue() {
        var root = parse(
                " {\"t\":\"a\\u00e9\\n\\ud83d\\ude00\",\"w\":-12,\"r\":1.5e-3,\"big\":1000000000000000019884624838656,"
                        + "\"yes\":true,\"no\":false,\"nil\":null,\"list\":[1,[]],\"obj\":{}} ");
        var fields = ((Json.Obj) root).fields();
        assertThat(fields.keySet()).containsExactly("t", "w", "r", "big", "yes", "no", "nil", "list", "obj");
        assertThat(fields.get("t")).isEqualTo(new Json.Text("a\u00e9\n\ud83d\ude00"));
        assertThat(fields.get("w")).isEqualTo(new Json.Whole(-12));
        assertThat(fields.get("r")).isEqualTo(new Json.Real(1.5e-3));
        assertThat(fields.get("big")).isEqualTo(new Json.Real(1e30));
        assertThat(fields.get("yes")).isEqualTo(new Json.Flag(true));
        assertThat(fields.get("nil")).isEqualTo(new Json.Null());
        assertThat(fields.get("list")).isEqualTo(new Json.Arr(List.of(new Json.Whole(1), new Json.Arr(List.of()))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[9223372036854775807,-9223372036854775808,0.1,1e+300]",
                "{\"a\":{\"b\":[true,false,null,\"x\"]},\"c\":\"\\\"\\\\\\n\\t\\u0001\"}",
                "\"\\ud800 \u20ac \ud83d\ude00\"",
                "[]",
                "0"
            })
    void whatIsWrittenReadsBackTheSame(String text) {
        var value = parse(text);
        assertThat(parse(value.write())).isEqualTo(value);
        assertThat(parse(value.writeIndented())).isEqualTo(value);
    }

    @Test
    void indents() {
        assertThat(parse("{\"a\":[1,2],\"b\":{}}").writeIndented())
                .isEqualTo("{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | ends too early",
                "{ | not valid JSON",
                "[1 | not valid JSON",
                "[1,] | not valid JSON",
                "{\"a\":1,\"a\":2} | a: this key stands twice",
                "{\"o\":{\"k\":1,\"k\":[]}} | k: this key stands twice",
                "[1]2 | more text follows",
                "nul | not valid JSON",
                "[NaN] | not valid JSON",
                "[Infinity] | not valid JSON",
                "[01] | not valid JSON",
                "{a:1} | not valid JSON",
                "['a'] | not valid JSON",
                "[1] // x | not valid JSON",
                "\"\\x\" | not valid JSON",
                "[1e999] | beyond the range of a double",
            })
    void refusesWhatIsNoJson(String text, String message) {
        assertThatThrownBy(() -> parse(text.strip()))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith("x.json: ")
                .hasMessageContaining(message);
    }

    @Test
    void refusesWhatGoesBeyondTheLimits() {
        refusesLarge("[".repeat(33), "too deep");
        refusesLarge("[".repeat(1_000_000), "too deep");
        refusesLarge("{\"a\":".repeat(100_000), "too deep");
        refusesLarge("[" + "1".repeat(65) + "]", "too long");
        refusesLarge("\"" + "a".repeat((4 << 20) + 1) + "\"", "too long");
        refusesLarge("{\"" + "a".repeat((4 << 20) + 1) + "\":1}", "too long");
        refusesLarge("[" + "1,".repeat(500_000) + "1]", "more than 500000 values");
        refusesLarge(" ".repeat((16 << 20) + 1), "the limit is 16777216");
    }

    private static void refusesLarge(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }

    @Test
    void neverRepeatsContent() {
        assertThatThrownBy(() -> parse("{\"x\": Meier}"))
                .isInstanceOf(BadFileException.class)
                .hasMessageNotContaining("Meier")
                .hasMessageContaining("line 1");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] bad = {'"', (byte) 0xC3, (byte) 0x28, '"'};
        assertThatThrownBy(() -> Json.parse(MemorySegment.ofArray(bad), FILE, JsonLimits.settings()))
                .isInstanceOf(BadFileException.class)
                .hasMessage("x.json: the JSON is not valid UTF-8");
    }

    @Test
    void readsAVocabularyOfARealSize() throws IOException {
        var text = new StringBuilder("{\"model\":{\"vocab\":{");
        for (int i = 0; i < 262_144; i++) {
            text.append(i == 0 ? "" : ",")
                    .append('"')
                    .append("piece \u2581")
                    .append(i)
                    .append("\":")
                    .append(i);
        }
        text.append("},\"merges\":[");
        for (int i = 0; i < 500_000; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("[\"left")
                    .append(i)
                    .append("\",\"right side ")
                    .append(i)
                    .append("\"]");
        }
        Path file = Files.writeString(folder.resolve("tokenizer.json"), text.append("]}}"));
        assertThat(Files.size(file)).isGreaterThan(20_000_000);

        var model = Fields.of(file, Json.read(file, JsonLimits.vocabulary())).in("model");

        assertThat(model.in("vocab").whole("piece \u2581262143")).isEqualTo(262_143);
        assertThat(model.list("merges")).hasSize(500_000);
    }

    @Test
    void fieldsAreReadByKind() {
        var fields = Fields.of(
                FILE, parse("{\"n\":3,\"x\":2.0,\"h\":0.5,\"t\":\"s\",\"b\":true,\"o\":{\"i\":1},\"z\":null}"));
        assertThat(fields.whole("n")).isEqualTo(3);
        assertThat(fields.whole("x")).isEqualTo(2);
        assertThat(fields.real("n")).isEqualTo(3.0);
        assertThat(fields.real("h")).isEqualTo(0.5);
        assertThat(fields.text("t")).isEqualTo("s");
        assertThat(fields.flag("b")).isTrue();
        assertThat(fields.in("o").whole("i")).isEqualTo(1);
        assertThat(fields.whole("z", 7)).isEqualTo(7);
        assertThat(fields.has("z")).isFalse();
        fields.finish(Set.of());
    }

    @Test
    void fieldErrorsTellThePlaceAndTheKind() {
        var fields = Fields.of(FILE, parse("{\"text_config\":{\"hidden_size\":\"many\",\"big\":4294967296}}"));
        var inner = fields.in("text_config");
        assertThatThrownBy(() -> inner.whole("hidden_size"))
                .hasMessage("x.json: text_config.hidden_size: want a whole number, got text");
        assertThatThrownBy(() -> inner.whole("big"))
                .hasMessage("x.json: text_config.big: want a whole number below 2^31, got 4294967296");
        assertThatThrownBy(() -> inner.whole("layers")).hasMessage("x.json: text_config.layers: is missing");
    }

    @Test
    void fieldsThatNobodyReadAreRefusedTogether() {
        var fields = Fields.of(FILE, parse("{\"a\":1,\"b\":2,\"c\":3,\"inert\":4}"));
        fields.whole("b");
        assertThatThrownBy(() -> fields.finish(Set.of("inert")))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("what to do with a, c;");
    }
}
