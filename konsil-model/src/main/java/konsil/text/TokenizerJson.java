package konsil.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.tensor.file.JsonSource;
import tools.jackson.core.JsonToken;

/**
 * Reads tokenizer.json as the Hugging Face library "tokenizers" writes it, for byte-pair encoding with byte fallback and
 * for Unigram. Vocabulary and merges are streamed; what remains is small and goes to {@link TokenizerSettings}.
 */
final class TokenizerJson {
    private static final JsonLimits LIMITS = new JsonLimits(128L << 20, 16, 4 << 20, 1_000_000);
    private static final Set<String> TREES = Set.of("added_tokens", "normalizer", "pre_tokenizer", "decoder");
    /** Set anew by every caller of that library, or used for tokens that Konsil never adds by itself. */
    private static final Set<String> INERT = Set.of("version", "truncation", "padding", "post_processor");

    private final Path file;
    private final TextIndex texts = new TextIndex();
    private int[] ids = new int[1 << 12];
    private int[][] merges = new int[3][1 << 12];
    private int mergeCount;
    private double[] scores = {};
    private boolean scored;
    private boolean vocabularyRead;
    private boolean mergesRead;
    private boolean mergesSkipped;
    private final LinkedHashMap<String, Json> model = new LinkedHashMap<>();
    private final LinkedHashMap<String, Json> rest = new LinkedHashMap<>();

    private TokenizerJson(Path file) {
        this.file = file;
    }

    /** @throws BadFileException if the file is damaged, hostile, or asks for anything that is not understood */
    static Tokenizer read(Path file) throws IOException {
        var reader = new TokenizerJson(file);
        try (var source = JsonSource.open(file, LIMITS)) {
            reader.readAll(source);
        }
        if (reader.mergesSkipped && reader.vocabularyRead) {
            try (var source = JsonSource.open(file, LIMITS)) {
                reader.readMergesAlone(source);
            }
        }
        return reader.tokenizer();
    }

    /** As {@link #read}. @param file what to call the text in errors */
    static Tokenizer read(ByteBuffer text, Path file) {
        var reader = new TokenizerJson(file);
        try (var source = JsonSource.of(text, file, LIMITS)) {
            reader.readAll(source);
        }
        if (reader.mergesSkipped && reader.vocabularyRead) {
            try (var source = JsonSource.of(text, file, LIMITS)) {
                reader.readMergesAlone(source);
            }
        }
        return reader.tokenizer();
    }

    private void readAll(JsonSource source) {
        want(source, JsonToken.START_OBJECT, "the file", "an object");
        var seen = new HashSet<String>();
        while (source.next() != JsonToken.END_OBJECT) {
            String key = once(seen, source.text());
            if (key.equals("model")) {
                want(source, JsonToken.START_OBJECT, key, "an object");
                readModel(source);
            } else if (TREES.contains(key)) {
                rest.put(key, source.value());
            } else if (INERT.contains(key)) {
                source.next();
                source.skip();
            } else {
                throw new BadFileException(file, key, "Konsil does not know what to do with this part of a tokenizer");
            }
        }
        source.end();
    }

    private void readModel(JsonSource source) {
        var seen = new HashSet<String>();
        while (source.next() != JsonToken.END_OBJECT) {
            String key = once(seen, source.text());
            switch (key) {
                case "vocab" -> readVocabulary(source);
                case "merges" -> {
                    mergesSkipped = !vocabularyRead;
                    if (mergesSkipped) {
                        source.next();
                        source.skip();
                    } else {
                        readMerges(source);
                    }
                }
                default -> model.put(key, source.value());
            }
        }
    }

    private String once(Set<String> seen, String key) {
        if (!seen.add(key)) {
            throw new BadFileException(file, key, "this key stands twice in one object of the JSON");
        }
        return key;
    }

    private void readVocabulary(JsonSource source) {
        vocabularyRead = true;
        switch (source.next()) {
            case START_OBJECT -> readIds(source);
            case START_ARRAY -> readScores(source);
            default -> throw bad("model.vocab", "want an object as of type BPE, or a list as of type Unigram");
        }
    }

    /** Unigram: a list of texts with scores, in the order of ids. */
    private void readScores(JsonSource source) {
        scored = true;
        for (var token = source.next(); token != JsonToken.END_ARRAY; token = source.next()) {
            int entry = texts.size();
            if (token != JsonToken.START_ARRAY || source.next() != JsonToken.VALUE_STRING) {
                throw bad("model.vocab", "entry %d: want a list of a text and a score".formatted(entry));
            }
            addText(source, entry);
            scores[entry] = switch (source.value()) {
                case Json.Whole(long value) -> value;
                case Json.Real(double value) -> value;
                case Json other ->
                    throw bad("model.vocab", "entry %d: want a score, got %s".formatted(entry, other.kind()));
            };
            ids[entry] = entry;
            if (source.next() != JsonToken.END_ARRAY) {
                throw bad("model.vocab", "entry %d: want a list of a text and a score".formatted(entry));
            }
        }
        ids = Arrays.copyOf(ids, texts.size());
        scores = Arrays.copyOf(scores, texts.size());
    }

    private void readIds(JsonSource source) {
        while (source.next() != JsonToken.END_OBJECT) {
            int entry = texts.size();
            addText(source, entry);
            source.next();
            long id = source.wholeNumber();
            if (id < 0 || id >= Vocabulary.MAX_SIZE) {
                throw bad(
                        "model.vocab",
                        "entry %d: want an id of 0..%d, got %d".formatted(entry, Vocabulary.MAX_SIZE - 1, id));
            }
            ids[entry] = (int) id;
        }
        requireEveryIdOnce();
    }

    /** The text just read becomes this entry, for which there is room then. */
    private void addText(JsonSource source, int entry) {
        char[] text = source.characters();
        int offset = source.offset();
        int length = source.length();
        if (entry == Vocabulary.MAX_SIZE) {
            throw bad("model.vocab", "want at most %d tokens".formatted(Vocabulary.MAX_SIZE));
        }
        if (length == 0 || length > TextIndex.MAX_LENGTH || !wellFormed(text, offset, offset + length)) {
            throw bad(
                    "model.vocab",
                    "entry %d: want 1 to %d characters without lone surrogates".formatted(entry, TextIndex.MAX_LENGTH));
        }
        if (!texts.add(text, offset, length)) {
            throw bad("model.vocab", "entry %d: this token stands twice".formatted(entry));
        }
        if (entry == ids.length) {
            ids = Arrays.copyOf(ids, 2 * entry);
        }
        if (scored && entry >= scores.length) {
            scores = Arrays.copyOf(scores, ids.length);
        }
    }

    static boolean wellFormed(String text) {
        return wellFormed(text.toCharArray(), 0, text.length());
    }

    private static boolean wellFormed(char[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (Character.isSurrogate(text[i])) {
                if (i + 1 == to || !Character.isSurrogatePair(text[i], text[i + 1])) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private void requireEveryIdOnce() {
        ids = Arrays.copyOf(ids, texts.size());
        var seen = new BitSet();
        for (int id : ids) {
            if (id >= ids.length || seen.get(id)) {
                throw bad("model.vocab", "want each id of 0..%d once, got %d".formatted(ids.length - 1, id));
            }
            seen.set(id);
        }
    }

    /** For files that have them before the vocabulary. */
    private void readMergesAlone(JsonSource source) {
        source.next();
        goTo(source, "model");
        source.next();
        goTo(source, "merges");
        readMerges(source);
    }

    /** Skips the fields of an object up to the one of this name, which is there. */
    private static void goTo(JsonSource source, String key) {
        source.next();
        while (!source.text().equals(key)) {
            source.next();
            source.skip();
            source.next();
        }
    }

    /** Each a list of two tokens, or, in older files, both in one string with a space between. */
    private void readMerges(JsonSource source) {
        mergesRead = true;
        want(source, JsonToken.START_ARRAY, "model.merges", "a list");
        for (var token = source.next(); token != JsonToken.END_ARRAY; token = source.next()) {
            if (mergeCount == MergeRules.MAX_SIZE) {
                throw bad("model.merges", "want at most %d".formatted(MergeRules.MAX_SIZE));
            }
            switch (token) {
                case START_ARRAY -> {
                    int left = part(source);
                    addMerge(left, part(source));
                    if (source.next() != JsonToken.END_ARRAY) {
                        throw badMerge("want two parts, got more");
                    }
                }
                case VALUE_STRING -> addMerge(source.text());
                default -> throw badMerge("want a list of two tokens, or both in one text");
            }
        }
        for (int i = 0; i < merges.length; i++) {
            merges[i] = Arrays.copyOf(merges[i], mergeCount);
        }
    }

    private int part(JsonSource source) {
        if (source.next() != JsonToken.VALUE_STRING) {
            throw badMerge("want two tokens as text");
        }
        return texts.find(source.characters(), source.offset(), source.length());
    }

    private void addMerge(String both) {
        int space = both.indexOf(' ');
        if (space < 0 || both.indexOf(' ', space + 1) >= 0) {
            throw badMerge("want two tokens with one space between them");
        }
        addMerge(texts.find(both.substring(0, space)), texts.find(both.substring(space + 1)));
    }

    private void addMerge(int left, int right) {
        if (left < 0 || right < 0) {
            throw badMerge("one of its parts is no token of the vocabulary");
        }
        int result = texts.findJoined(left, right);
        if (result < 0) {
            throw badMerge("what it makes is no token of the vocabulary");
        }
        if (mergeCount == merges[0].length) {
            for (int i = 0; i < merges.length; i++) {
                merges[i] = Arrays.copyOf(merges[i], 2 * mergeCount);
            }
        }
        merges[0][mergeCount] = ids[left];
        merges[1][mergeCount] = ids[right];
        merges[2][mergeCount++] = ids[result];
    }

    private Tokenizer tokenizer() {
        var settings = new TokenizerSettings(file, model, rest);
        if (settings.unigram()) {
            if (!scored) {
                throw bad("model.vocab", "want a list of texts and scores");
            }
            return new UnigramSettings(file, settings).tokenizer(texts.vocabulary(ids), scores, this::idOf);
        }
        return new Tokenizer(parts(settings));
    }

    private int idOf(String text) {
        int entry = texts.find(text);
        return entry < 0 ? TokenizerParts.NONE : ids[entry];
    }

    private TokenizerParts parts(TokenizerSettings settings) {
        settings.requireUnderstood();
        if (scored) {
            throw bad("model.vocab", "want an object: a model of type BPE has one");
        }
        if (!vocabularyRead || !mergesRead) {
            throw bad("model", "want a vocab and merges");
        }
        int[] rank = new int[mergeCount];
        Arrays.setAll(rank, i -> i);
        var rules = new MergeRules(merges[0], merges[1], merges[2], rank, new int[0]);
        return settings.parts(texts.vocabulary(ids), MergeRules.sorted(rules, ids.length), this::idOf);
    }

    private void want(JsonSource source, JsonToken token, String part, String kind) {
        if (source.next() != token) {
            throw new BadFileException(file, part, "want " + kind);
        }
    }

    private BadFileException bad(String part, String what) {
        return new BadFileException(file, part, what);
    }

    private BadFileException badMerge(String what) {
        return bad("model.merges", "entry %d: %s".formatted(mergeCount, what));
    }
}
