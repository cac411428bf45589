package konsil.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Metadata;
import konsil.text.ScoredPiece.Kind;

/** The tokenizer in the metadata of a GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). */
final class GgufTokenizer {
    static final String TOKENS = "tokenizer.ggml.tokens";

    private static final String SCORES = "tokenizer.ggml.scores";
    private static final String TYPES = "tokenizer.ggml.token_type";
    private static final String MODEL = "tokenizer.ggml.model";

    private GgufTokenizer() {}

    /** @throws BadFileException if it is of another kind than Gemma 3's, or damaged */
    static TokenizerParts parts(Path file, Metadata metadata) {
        if (!metadata.text(MODEL).equals("llama")) {
            throw new BadFileException(file, MODEL, "want llama, that is SentencePiece with scores");
        }
        requireOff(file, metadata, "tokenizer.ggml.add_space_prefix");
        requireOff(file, metadata, "tokenizer.ggml.remove_extra_whitespaces");
        if (metadata.has("tokenizer.ggml.precompiled_charsmap")) {
            throw new BadFileException(file, "tokenizer.ggml.precompiled_charsmap", "want none");
        }
        return ScoredPieces.parts(file, pieces(file, metadata), true);
    }

    private static List<ScoredPiece> pieces(Path file, Metadata metadata) {
        List<String> texts = metadata.texts(TOKENS);
        float[] scores = metadata.floats(SCORES);
        int[] types = metadata.wholes(TYPES);
        if (scores.length != texts.size() || types.length != texts.size()) {
            throw new BadFileException(
                    file,
                    TOKENS,
                    "want as many scores and types as tokens, got %d, %d and %d"
                            .formatted(scores.length, types.length, texts.size()));
        }
        var pieces = new ArrayList<ScoredPiece>(texts.size());
        for (int id = 0; id < scores.length; id++) {
            var kind = TokenizerModel.kind(file, id, types[id]);
            pieces.add(
                    switch (kind) {
                        // The format keeps spaces in these as they are, to be found before spaces are replaced.
                        case USER_DEFINED ->
                            new ScoredPiece(texts.get(id).replace(' ', Tokenizer.SPACE_MARK), scores[id], kind);
                        // llama.cpp merges towards these as towards any other.
                        case UNUSED -> new ScoredPiece(texts.get(id), scores[id], Kind.NORMAL);
                        case NORMAL, UNKNOWN, CONTROL, BYTE -> new ScoredPiece(texts.get(id), scores[id], kind);
                    });
        }
        return pieces;
    }

    private static void requireOff(Path file, Metadata metadata, String key) {
        if (metadata.flag(key, false)) {
            throw new BadFileException(file, key, "want false: Gemma 3 leaves spaces as they are");
        }
    }
}
