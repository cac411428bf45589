package konsil.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import konsil.tensor.file.BadFileException;
import konsil.text.ScoredPiece.Kind;
import konsil.text.Unigram.Cutting;

/**
 * Makes a Unigram tokenizer of the pieces of a SentencePiece model, with that library's arithmetic: scores are floats,
 * those of its own tokens do not count, tokens that a user defined are preferred to everything else.
 */
final class UnigramPieces {
    private UnigramPieces() {}

    /** @throws BadFileException if the list is damaged, or asks for anything that is not understood */
    static Tokenizer tokenizer(Path file, List<ScoredPiece> pieces, Optional<Charsmap> charsmap) {
        var texts = new TextIndex();
        var added = new ArrayList<AddedToken>();
        var scores = new double[pieces.size()];
        var userDefined = new BitSet();
        float lowest = Float.POSITIVE_INFINITY;
        float highest = Float.NEGATIVE_INFINITY;
        int unknown = TokenizerParts.NONE;
        Arrays.fill(scores, Double.NaN);
        for (int id = 0; id < scores.length; id++) {
            var piece = pieces.get(id);
            requireSound(file, id, piece, texts);
            switch (piece.kind()) {
                case NORMAL -> {
                    scores[id] = piece.score();
                    lowest = Math.min(lowest, piece.score());
                    highest = Math.max(highest, piece.score());
                }
                case USER_DEFINED -> userDefined.set(id);
                case UNKNOWN, CONTROL -> added.add(new AddedToken(id, true, false));
                case UNUSED -> {}
                case BYTE -> throw bad(file, id, "want no bytes: they are not part of this model");
            }
            if (piece.kind() == Kind.UNKNOWN) {
                if (unknown != TokenizerParts.NONE) {
                    throw bad(file, id, "there is a second unknown token");
                }
                unknown = id;
            }
        }
        if (unknown == TokenizerParts.NONE || lowest > highest) {
            throw new BadFileException(file, "want an unknown token and at least one that stands for text");
        }
        float most = highest;
        userDefined.stream().forEach(id -> scores[id] = most);
        int[] numbers = new int[scores.length];
        Arrays.setAll(numbers, i -> i);
        var vocabulary = texts.vocabulary(numbers);
        var rules = new Unigram.Rules(
                new Unigram.Pieces(scores, userDefined, lowest, true), unknown, Cutting.SENTENCE, charsmap);
        return new Tokenizer(vocabulary, added, new Unigram(vocabulary, rules));
    }

    private static void requireSound(Path file, int id, ScoredPiece piece, TextIndex texts) {
        String text = piece.text();
        if (text.isEmpty() || text.length() > TextIndex.MAX_LENGTH || !TokenizerJson.wellFormed(text)) {
            throw bad(file, id, "want 1 to %d characters".formatted(TextIndex.MAX_LENGTH));
        }
        if (!Float.isFinite(piece.score())) {
            throw bad(file, id, "want a finite score");
        }
        if (!texts.add(text)) {
            throw bad(file, id, "this token stands twice");
        }
    }

    private static BadFileException bad(Path file, int id, String what) {
        return new BadFileException(file, "token " + id, what);
    }
}
