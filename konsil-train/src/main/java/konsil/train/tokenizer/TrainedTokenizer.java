package konsil.train.tokenizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import konsil.tensor.file.Json;

/**
 * A tokenizer as the files that it is published with.
 *
 * @param tokenizer contents of tokenizer.json, as the library "tokenizers" writes it
 * @param settings contents of tokenizer_config.json, for the library "transformers"
 * @param size tokens in all
 * @param filled how many of them are unused: the texts did not have enough pieces for the size asked for
 */
public record TrainedTokenizer(Json tokenizer, Json settings, int size, int filled) {
    /** Trains byte-pair encoding in Gemma 3's layout. */
    public static TrainedTokenizer gemma(Words words, TrainingSettings settings) {
        return GemmaLayout.train(words, settings);
    }

    /** Trains a Unigram model in MedASR's layout. */
    public static TrainedTokenizer medAsr(Words words, TrainingSettings settings) {
        return MedAsrLayout.train(words, settings);
    }

    static Json object(Object... keysAndValues) {
        SequencedMap<String, Json> fields = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            fields.put((String) keysAndValues[i], json(keysAndValues[i + 1]));
        }
        return new Json.Obj(fields);
    }

    private static Json json(Object value) {
        return switch (value) {
            case Json json -> json;
            case String text -> new Json.Text(text);
            case Boolean flag -> new Json.Flag(flag);
            case Integer number -> new Json.Whole(number);
            case Double number -> new Json.Real(number);
            case List<?> items ->
                new Json.Arr(items.stream().map(TrainedTokenizer::json).toList());
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        };
    }

    /** An entry of added_tokens: cut out of a text before it is looked at. */
    static Json added(int id, String text, boolean special) {
        return object(
                "id",
                id,
                "content",
                text,
                "single_word",
                false,
                "lstrip",
                false,
                "rstrip",
                false,
                "normalized",
                false,
                "special",
                special);
    }

    static Json nothing() {
        return new Json.Null();
    }
}
