package konsil.text;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;
import konsil.text.Unigram.Cutting;

/** The small parts of a tokenizer.json of type Unigram, as T5 and MedASR have them: each is understood or refused. */
final class UnigramSettings {
    private static final String NORMALISER = "normalizer";
    private static final String PRE_TOKENIZER = "pre_tokenizer";
    private static final String DECODER = "decoder";
    private static final Json WHITE_SPACE = TokenizerSettings.json("{'type':'WhitespaceSplit'}");
    private static final Json MARKS = TokenizerSettings.json(
            "{'type':'Metaspace','replacement':'\u2581','prepend_scheme':'always','split':true}");
    /** Older files: always in front, always cut. */
    private static final Json OLDER_MARKS =
            TokenizerSettings.json("{'type':'Metaspace','replacement':'\u2581','add_prefix_space':true}");
    /** Several spaces to one, which changes nothing where text is cut at white space. */
    private static final Json SQUEEZE =
            TokenizerSettings.json("{'type':'Replace','pattern':{'Regex':' {2,}'},'content':' '}");

    private final Path file;
    private final TokenizerSettings settings;
    private final Fields root;
    private final Fields model;

    UnigramSettings(Path file, TokenizerSettings settings) {
        this.file = file;
        this.settings = settings;
        this.root = settings.root();
        this.model = settings.model();
    }

    /**
     * The whole tokenizer.
     *
     * @param vocabulary of the model
     * @param scores by id
     * @param idOf the id of a text in the vocabulary, or -1
     */
    Tokenizer tokenizer(Vocabulary vocabulary, double[] scores, ToIntFunction<String> idOf) {
        if (model.flag("byte_fallback", false)) {
            throw model.wrong("byte_fallback", "want false for a Unigram model");
        }
        int unknown = model.whole("unk_id");
        if (unknown < 0 || unknown >= scores.length) {
            throw model.wrong("unk_id", "want an id of 0..%d, got %d".formatted(scores.length - 1, unknown));
        }
        model.finish(Set.of("type"));
        var cutting = cutting();
        var charsmap = charsmap(cutting);
        requireDecoder();
        var more = new ArrayList<String>();
        var added = settings.addedTokens(vocabulary.size(), idOf, more);
        double lowest = Arrays.stream(scores).min().orElse(0);
        var pieces = new Unigram.Pieces(scores, new BitSet(), lowest, false);
        var unigram = new Unigram(vocabulary, new Unigram.Rules(pieces, unknown, cutting, charsmap));
        return new Tokenizer(vocabulary.and(more), added, unigram);
    }

    private Cutting cutting() {
        Json got = root.find(PRE_TOKENIZER).orElseThrow(() -> root.wrong(PRE_TOKENIZER, "want Metaspace, got none"));
        if (marks(got)) {
            return Cutting.MARKS;
        }
        var both = steps(got, "pretokenizers");
        if (both.size() == 2 && both.getFirst().equals(WHITE_SPACE) && marks(both.getLast())) {
            return Cutting.WORDS;
        }
        throw root.wrong(
                PRE_TOKENIZER,
                "Konsil understands Metaspace with a mark always in front, alone or after" + " WhitespaceSplit");
    }

    private static boolean marks(Json got) {
        return got.equals(MARKS) || got.equals(OLDER_MARKS);
    }

    /** What stands in a sequence; empty when it is none. */
    private static List<Json> steps(Json got, String name) {
        return got instanceof Json.Obj(var fields)
                        && fields.size() == 2
                        && fields.get("type") instanceof Json.Text(var type)
                        && type.equals("Sequence")
                        && fields.get(name) instanceof Json.Arr(var items)
                ? items
                : List.of();
    }

    private Optional<Charsmap> charsmap(Cutting cutting) {
        var got = root.find(NORMALISER);
        if (got.isEmpty()) {
            return Optional.empty();
        }
        var steps = steps(got.get(), "normalizers");
        var all = steps.isEmpty() ? List.of(got.get()) : steps;
        boolean squeezes = all.size() == 2 && all.getLast().equals(SQUEEZE) && cutting == Cutting.WORDS;
        if (all.size() != 1 && !squeezes) {
            throw root.wrong(NORMALISER, "Konsil understands none but Precompiled");
        }
        var fields = Fields.of(file, all.getFirst());
        if (!fields.text("type", "").equals("Precompiled")) {
            throw root.wrong(NORMALISER, "Konsil understands none but Precompiled");
        }
        String base64 = fields.text("precompiled_charsmap", "");
        fields.finish(Set.of());
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return bytes.length == 0 ? Optional.empty() : Optional.of(Charsmap.read(ByteBuffer.wrap(bytes), file));
        } catch (IllegalArgumentException e) {
            throw root.wrong(NORMALISER, "its precompiled_charsmap is no Base64");
        }
    }

    private void requireDecoder() {
        var got = root.find(DECODER).orElseThrow(() -> root.wrong(DECODER, "want Metaspace, got none"));
        if (!marks(got)) {
            throw root.wrong(DECODER, "Konsil understands none but " + MARKS.write());
        }
    }
}
