package konsil.train.tokenizer;

import static konsil.train.tokenizer.TrainedTokenizer.added;
import static konsil.train.tokenizer.TrainedTokenizer.nothing;
import static konsil.train.tokenizer.TrainedTokenizer.object;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import konsil.tensor.file.Json;
import konsil.text.Tokenizer;

/**
 * Byte-pair encoding as Gemma 3's tokenizer.json has it: special tokens, runs of line breaks, the 256 bytes, pieces,
 * merges. The first five ids are Gemma 3's own; the special tokens that it has further on stand right behind them.
 */
final class GemmaLayout {
    private static final String MARK = Character.toString(Tokenizer.SPACE_MARK);
    private static final List<String> SPECIALS = List.of(
            "<pad>",
            "<eos>",
            "<bos>",
            "<unk>",
            "<mask>",
            "<start_of_turn>",
            "<end_of_turn>",
            "<start_of_image>",
            "<end_of_image>",
            "<image_soft_token>");
    /** Marks of a thought: added tokens, but not special ones, as in MedGemma. */
    private static final Set<String> THOUGHT = Set.of("<unused94>", "<unused95>", "<unused96>", "<unused97>");
    /** Two images side by side have four line breaks between them. */
    private static final int LINE_BREAKS = 8;

    private final LinkedHashSet<String> vocabulary = new LinkedHashSet<>();
    private final List<Json> added = new ArrayList<>();

    private GemmaLayout() {}

    static TrainedTokenizer train(Words words, TrainingSettings settings) {
        return new GemmaLayout().trained(words, settings);
    }

    private TrainedTokenizer trained(Words words, TrainingSettings settings) {
        SPECIALS.forEach(text -> add(text, true));
        THOUGHT.stream().sorted().forEach(text -> add(text, false));
        for (int i = 1; i <= LINE_BREAKS; i++) add("\n".repeat(i), false);
        for (int i = 0; i < 256; i++) vocabulary.add("<0x%02X>".formatted(i));
        if (vocabulary.size() > settings.size()) throw Room.exceeded(vocabulary.size(), settings.size());
        var bpe = BpeTrainer.train(words, settings, settings.size() - vocabulary.size());
        vocabulary.addAll(bpe.pieces());
        int filled = settings.size() - vocabulary.size();
        for (int i = 0; vocabulary.size() < settings.size(); i++) {
            String unused = "<unused%d>".formatted(i);
            if (!vocabulary.contains(unused)) add(unused, false);
        }
        return new TrainedTokenizer(json(bpe), settings(), vocabulary.size(), filled);
    }

    private void add(String text, boolean special) {
        added.add(added(vocabulary.size(), text, special));
        vocabulary.add(text);
    }

    private Json json(Bpe bpe) {
        var ids = new LinkedHashMap<String, Json>();
        vocabulary.forEach(text -> ids.put(text, new Json.Whole(ids.size())));
        var model = object(
                "type",
                "BPE",
                "dropout",
                nothing(),
                "unk_token",
                "<unk>",
                "continuing_subword_prefix",
                nothing(),
                "end_of_word_suffix",
                nothing(),
                "fuse_unk",
                true,
                "byte_fallback",
                true,
                "ignore_merges",
                false,
                "vocab",
                new Json.Obj(ids),
                "merges",
                bpe.merges().stream()
                        .map(merge -> List.of(merge.left(), merge.right()))
                        .toList());
        return object(
                "version", "1.0",
                "truncation", nothing(),
                "padding", nothing(),
                "added_tokens", added,
                "normalizer", object("type", "Replace", "pattern", object("String", " "), "content", MARK),
                "pre_tokenizer", cut(),
                "post_processor", beginning(),
                "decoder", decoder(),
                "model", model);
    }

    private static Json cut() {
        var pattern = object("String", " ");
        return object("type", "Split", "pattern", pattern, "behavior", "MergedWithPrevious", "invert", false);
    }

    private static Json decoder() {
        var spaces = object("type", "Replace", "pattern", object("String", MARK), "content", " ");
        return object(
                "type",
                "Sequence",
                "decoders",
                List.of(spaces, object("type", "ByteFallback"), object("type", "Fuse")));
    }

    /** What transformers adds when it is asked for special tokens: the beginning of the sequence. */
    private static Json beginning() {
        var bos = object("SpecialToken", object("id", "<bos>", "type_id", 0));
        var first = object("Sequence", object("id", "A", "type_id", 0));
        var second = object("Sequence", object("id", "B", "type_id", 0));
        var token = object("id", "<bos>", "ids", List.of(SPECIALS.indexOf("<bos>")), "tokens", List.of("<bos>"));
        return object(
                "type", "TemplateProcessing",
                "single", List.of(bos, first),
                "pair", List.of(bos, first, bos, second),
                "special_tokens", object("<bos>", token));
    }

    private static Json settings() {
        return object(
                "tokenizer_class", "PreTrainedTokenizerFast",
                "add_bos_token", true,
                "add_eos_token", false,
                "bos_token", "<bos>",
                "eos_token", "<eos>",
                "pad_token", "<pad>",
                "unk_token", "<unk>",
                "boi_token", "<start_of_image>",
                "eoi_token", "<end_of_image>",
                "image_token", "<image_soft_token>",
                "clean_up_tokenization_spaces", false);
    }
}
