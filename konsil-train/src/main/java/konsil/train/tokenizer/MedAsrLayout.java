package konsil.train.tokenizer;

import static konsil.train.tokenizer.TrainedTokenizer.added;
import static konsil.train.tokenizer.TrainedTokenizer.nothing;
import static konsil.train.tokenizer.TrainedTokenizer.object;

import java.util.ArrayList;
import java.util.List;
import konsil.tensor.file.Json;
import konsil.text.Tokenizer;

/**
 * A Unigram model as MedASR's tokenizer.json has it: {@code <epsilon>} (blank and padding), {@code <s>}, {@code </s>},
 * {@code <unk>}, then pieces by probability. No normaliser, words cut at white space, a mark before each.
 */
final class MedAsrLayout {
    private static final List<String> SPECIALS = List.of("<epsilon>", "<s>", "</s>", "<unk>");
    private static final int END = 2;
    private static final int UNKNOWN = 3;

    private MedAsrLayout() {}

    static TrainedTokenizer train(Words words, TrainingSettings settings) {
        var pieces = UnigramTrainer.train(words, settings, settings.size() - SPECIALS.size());
        var added = new ArrayList<Json>();
        var vocabulary = new ArrayList<Json>();
        for (String special : SPECIALS) {
            added.add(added(vocabulary.size(), special, true));
            vocabulary.add(entry(special, 0));
        }
        for (ScoredText piece : pieces) vocabulary.add(entry(piece.text(), piece.score()));
        int filled = settings.size() - vocabulary.size();
        double lowest = pieces.isEmpty() ? 0 : pieces.getLast().score();
        for (int i = 0; i < filled; i++) {
            String unused = "<extra_id_%d>".formatted(i);
            added.add(added(vocabulary.size(), unused, true));
            vocabulary.add(entry(unused, lowest));
        }
        return new TrainedTokenizer(json(vocabulary, added), settings(), vocabulary.size(), filled);
    }

    private static Json entry(String text, double score) {
        return new Json.Arr(List.of(new Json.Text(text), new Json.Real(score)));
    }

    private static Json json(List<Json> vocabulary, List<Json> added) {
        var marks = object(
                "type",
                "Metaspace",
                "replacement",
                Character.toString(Tokenizer.SPACE_MARK),
                "prepend_scheme",
                "always",
                "split",
                true);
        var words = object("type", "Sequence", "pretokenizers", List.of(object("type", "WhitespaceSplit"), marks));
        return object(
                "version", "1.0",
                "truncation", nothing(),
                "padding", nothing(),
                "added_tokens", added,
                "normalizer", nothing(),
                "pre_tokenizer", words,
                "post_processor", end(),
                "decoder", marks,
                "model", object("type", "Unigram", "unk_id", UNKNOWN, "vocab", vocabulary, "byte_fallback", false));
    }

    /** What transformers adds when it is asked for special tokens: the end of the sentence. */
    private static Json end() {
        String end = SPECIALS.get(END);
        var token = object("SpecialToken", object("id", end, "type_id", 0));
        var first = object("Sequence", object("id", "A", "type_id", 0));
        var second = object("Sequence", object("id", "B", "type_id", 0));
        var of = object("id", end, "ids", List.of(END), "tokens", List.of(end));
        return object(
                "type", "TemplateProcessing",
                "single", List.of(first, token),
                "pair", List.of(first, token, second, token),
                "special_tokens", object(end, of));
    }

    private static Json settings() {
        return object(
                "tokenizer_class", "LasrTokenizer",
                "processor_class", "LasrProcessor",
                "eos_token", "</s>",
                "pad_token", "<epsilon>",
                "unk_token", "<unk>",
                "extra_ids", 0,
                "extra_special_tokens", List.of());
    }
}
