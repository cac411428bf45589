package konsil.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.ToIntFunction;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.tensor.file.JsonSource;

/** The small parts of a tokenizer.json: each is understood or refused. */
final class TokenizerSettings {
    /** A space becomes the mark. */
    private static final Json NORMALISER = json("{'type':'Replace','pattern':{'String':' '},'content':'\u2581'}");
    /** Cuts at spaces; behind the normaliser there are none, so it never does. */
    private static final Json PRE_TOKENIZER =
            json("{'type':'Split','pattern':{'String':' '},'behavior':'MergedWithPrevious','invert':false}");

    private static final Json DECODER = json("{'type':'Sequence','decoders':["
            + "{'type':'Replace','pattern':{'String':'\u2581'},'content':' '},"
            + "{'type':'ByteFallback'},{'type':'Fuse'}]}");

    private final Path file;
    private final Fields model;
    private final Fields root;
    private boolean spaceMark;

    TokenizerSettings(Path file, SequencedMap<String, Json> model, SequencedMap<String, Json> rest) {
        this.file = file;
        var all = new LinkedHashMap<>(rest);
        all.put("model", new Json.Obj(model));
        this.root = Fields.of(file, new Json.Obj(all));
        this.model = root.in("model");
    }

    Fields root() {
        return root;
    }

    Fields model() {
        return model;
    }

    /** Whether it is read by {@link UnigramSettings}. */
    boolean unigram() {
        return model.text("type").equals("Unigram");
    }

    /** Everything but the numbers of tokens, so that a tokenizer of another kind is named as such. */
    void requireUnderstood() {
        String type = model.text("type");
        if (!type.equals("BPE")) {
            throw model.wrong("type", "want BPE or Unigram, got another kind of tokenizer, which Konsil does not read");
        }
        if (model.real("dropout", 0) != 0) {
            throw model.wrong("dropout", "want none: it makes tokens random");
        }
        for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!model.text(affix, "").isEmpty()) {
                throw model.wrong(affix, "want none");
            }
        }
        if (model.flag("ignore_merges", false)) {
            throw model.wrong("ignore_merges", "want false");
        }
        spaceMark = root.has("normalizer");
        requireSame("normalizer", NORMALISER);
        requireSame("pre_tokenizer", PRE_TOKENIZER);
        if (root.has("pre_tokenizer") && !spaceMark) {
            throw root.wrong("pre_tokenizer", "want none where there is no normalizer");
        }
        requireSame("decoder", DECODER);
        if (!root.has("decoder")) {
            throw root.wrong("decoder", "is missing; want " + DECODER.write());
        }
    }

    private void requireSame(String name, Json wanted) {
        root.find(name).filter(got -> !got.equals(wanted)).ifPresent(got -> {
            throw root.wrong(name, "Konsil understands none but " + wanted.write());
        });
    }

    /** @param idOf the id of a text in the model's own vocabulary, or -1 */
    TokenizerParts parts(Vocabulary vocabulary, MergeRules rules, ToIntFunction<String> idOf) {
        int unknown = TokenizerParts.NONE;
        if (model.has("unk_token")) {
            unknown = idOf.applyAsInt(model.text("unk_token"));
            if (unknown < 0) {
                throw model.wrong("unk_token", "is no token of the vocabulary");
            }
        }
        var settings = new TokenizerParts.Settings(
                unknown, model.flag("fuse_unk", false), model.flag("byte_fallback", false), spaceMark);
        model.finish(Set.of());
        var more = new ArrayList<String>();
        var added = addedTokens(vocabulary.size(), idOf, more);
        return new TokenizerParts(vocabulary.and(more), added, rules, settings);
    }

    /** @param more is given the texts of those that the vocabulary lacks, to be put behind it */
    List<AddedToken> addedTokens(int size, ToIntFunction<String> idOf, List<String> more) {
        var added = new ArrayList<AddedToken>();
        var seen = new HashSet<String>();
        for (Json item : root.has("added_tokens") ? root.list("added_tokens") : List.<Json>of()) {
            var fields = Fields.of(file, item);
            String content = fields.text("content");
            if (content.isEmpty() || content.length() > TextIndex.MAX_LENGTH || !TokenizerJson.wellFormed(content)) {
                throw wrong(
                        fields,
                        "content",
                        "want 1 to %d characters without lone surrogates".formatted(TextIndex.MAX_LENGTH));
            }
            for (String flag : List.of("single_word", "lstrip", "rstrip")) {
                if (fields.flag(flag)) {
                    throw wrong(fields, flag, "want false");
                }
            }
            int known = idOf.applyAsInt(content);
            int id = fields.whole("id");
            if (!seen.add(content)) {
                throw wrong(fields, "content", "token %d stands twice".formatted(id));
            }
            if (id != (known < 0 ? size + more.size() : known)) {
                throw wrong(fields, "id", "want the id of the vocabulary, or the next one behind it, got " + id);
            }
            if (known < 0) {
                more.add(content);
            }
            added.add(new AddedToken(id, fields.flag("special"), fields.flag("normalized")));
            fields.finish(Set.of());
        }
        if (size + more.size() > Vocabulary.MAX_SIZE) {
            throw root.wrong("added_tokens", "want at most %d tokens in all".formatted(Vocabulary.MAX_SIZE));
        }
        return added;
    }

    private static BadFileException wrong(Fields fields, String name, String what) {
        return fields.wrong("added_tokens." + name, what);
    }

    static Json json(String text) {
        byte[] utf8 = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        try (var source = JsonSource.of(ByteBuffer.wrap(utf8), Path.of("settings"), JsonLimits.settings())) {
            return source.value();
        }
    }
}
