package konsil.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import konsil.tensor.file.BadFileException;
import konsil.text.ScoredPiece.Kind;

/**
 * Makes merge rules of scores, as SentencePiece merges: any two neighbours whose texts joined are a token, the highest
 * score first, of equal ones the leftmost. A part of a token may be a single character that is no token itself.
 */
final class ScoredPieces {
    private final Path file;
    private final List<ScoredPiece> pieces;
    private final TextIndex texts = new TextIndex();
    private final List<AddedToken> added = new ArrayList<>();
    private final Ids left = new Ids(1 << 12);
    private final Ids right = new Ids(1 << 12);
    private final Ids result = new Ids(1 << 12);
    private final Map<Integer, Integer> extra = new HashMap<>();
    private final Ids extraCodePoints = new Ids(0);
    private int unknown = TokenizerParts.NONE;

    private ScoredPieces(Path file, List<ScoredPiece> pieces) {
        this.file = file;
        this.pieces = pieces;
    }

    /**
     * A tokenizer of listed pieces, which replaces spaces by the mark and adds none in front.
     *
     * @param file for errors
     * @param byteFallback whether unknown characters are written as bytes; then all 256 byte tokens must be there
     * @throws BadFileException if the list is damaged, hostile, or asks for anything that is not understood
     */
    static TokenizerParts parts(Path file, List<ScoredPiece> pieces, boolean byteFallback) {
        return new ScoredPieces(file, pieces).parts(byteFallback);
    }

    private TokenizerParts parts(boolean byteFallback) {
        if (pieces.isEmpty() || pieces.size() > Vocabulary.MAX_SIZE) {
            throw new BadFileException(
                    file, "want 1 to %d tokens, got %d".formatted(Vocabulary.MAX_SIZE, pieces.size()));
        }
        for (int id = 0; id < pieces.size(); id++) {
            addPiece(id);
        }
        for (int id = 0; id < pieces.size(); id++) {
            if (merged(id)) {
                addRules(id);
            }
        }
        int[] numbers = new int[pieces.size()];
        Arrays.setAll(numbers, i -> i);
        var vocabulary = texts.vocabulary(numbers);
        if (byteFallback) {
            requireBytes();
        }
        return new TokenizerParts(
                vocabulary, added, rules(), new TokenizerParts.Settings(unknown, true, byteFallback, true));
    }

    private void addPiece(int id) {
        var piece = pieces.get(id);
        String text = piece.text();
        if (text.isEmpty() || text.length() > TextIndex.MAX_LENGTH || !TokenizerJson.wellFormed(text)) {
            throw bad(id, "want 1 to %d characters".formatted(TextIndex.MAX_LENGTH));
        }
        if (!Float.isFinite(piece.score())) {
            throw bad(id, "want a finite score");
        }
        if (!texts.add(text)) {
            throw bad(id, "this token stands twice");
        }
        switch (piece.kind()) {
            case UNKNOWN -> {
                if (unknown != TokenizerParts.NONE) {
                    throw bad(id, "there is a second unknown token");
                }
                unknown = id;
                added.add(new AddedToken(id, true, false));
            }
            case CONTROL -> added.add(new AddedToken(id, true, false));
            case USER_DEFINED -> added.add(new AddedToken(id, false, true));
            case NORMAL, UNUSED, BYTE -> {}
        }
    }

    /** Whether merges may lead to this token, or go on from it. */
    private boolean merged(int id) {
        return switch (pieces.get(id).kind()) {
            case NORMAL, USER_DEFINED, UNUSED -> true;
            case UNKNOWN, CONTROL, BYTE -> false;
        };
    }

    private void addRules(int id) {
        String text = pieces.get(id).text();
        texts.split(id, (cut, before, behind) -> {
            int first = symbol(before, text, 0, cut);
            int second = symbol(behind, text, cut, text.length());
            if (first != TokenizerParts.NONE && second != TokenizerParts.NONE) {
                if (pieces.get(id).kind() == Kind.UNUSED) {
                    throw bad(id, "merges lead to this token, which is marked unused");
                }
                if (left.size() == MergeRules.MAX_SIZE) {
                    throw new BadFileException(file, "want at most %d merges".formatted(MergeRules.MAX_SIZE));
                }
                left.add(first);
                right.add(second);
                result.add(id);
            }
        });
    }

    /** The symbol of a part of a token: a token, or a single character, or none. */
    private int symbol(int token, String text, int from, int to) {
        if (token >= 0 && merged(token)) {
            return token;
        }
        int codePoint = text.codePointAt(from);
        if (token >= 0 || Character.charCount(codePoint) != to - from) {
            return TokenizerParts.NONE;
        }
        return extra.computeIfAbsent(codePoint, character -> {
            extraCodePoints.add(character);
            return pieces.size() + extra.size();
        });
    }

    /** Equal scores get equal ranks. */
    private MergeRules rules() {
        int[] results = result.toArray();
        float[] scores = new float[results.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = -pieces.get(results[i]).score();
        }
        float[] sorted = scores.clone();
        Arrays.sort(sorted);
        int[] rank = new int[scores.length];
        for (int i = 0; i < rank.length; i++) {
            rank[i] = firstIndex(sorted, scores[i]);
        }
        var rules = new MergeRules(left.toArray(), right.toArray(), results, rank, extraCodePoints.toArray());
        return MergeRules.sorted(rules, pieces.size() + extra.size());
    }

    private static int firstIndex(float[] sorted, float value) {
        int from = 0;
        int to = sorted.length - 1;
        while (from < to) {
            int middle = from + to >>> 1;
            if (sorted[middle] < value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private void requireBytes() {
        for (int value = 0; value < 256; value++) {
            if (texts.find(Bpe.byteText(value)) < 0) {
                throw new BadFileException(file, Bpe.byteText(value), "want a token for every byte");
            }
        }
    }

    private BadFileException bad(int id, String what) {
        return new BadFileException(file, "token " + id, what);
    }
}
