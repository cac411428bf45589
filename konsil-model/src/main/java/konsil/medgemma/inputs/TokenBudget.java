package konsil.medgemma.inputs;

import java.util.List;
import java.util.function.ToIntFunction;
import konsil.text.ChatTemplate;
import konsil.text.Piece;
import konsil.text.Turn;

/**
 * How many tokens a conversation takes, known before anything runs.
 *
 * @param images pictures in it, parts of pan and scan included
 * @param imageTokens soft tokens of them, and the marks before and behind each
 * @param textTokens words and the line breaks around pictures
 * @param answerTokens kept for the answer
 * @param context tokens that the model takes in all
 */
public record TokenBudget(int images, long imageTokens, long textTokens, int answerTokens, long context) {
    private static final String AROUND = "\n\n";

    /** What a model is like. */
    public record Limits(int tokensPerImage, int viewsPerImage, int answerTokens, long context) {
        /** MedGemma 4B: 256 soft tokens, no pan and scan. */
        public static Limits of(int answerTokens, long context) {
            return new Limits(256, 1, answerTokens, context);
        }
    }

    /**
     * Counts exactly what the tokenizer will give: a picture is a blank line, its begin, its soft tokens, its end and a
     * blank line, and line breaks of neighbours become one token.
     *
     * @param count tokens of a text, without a token added at the beginning
     * @throws konsil.text.BadConversationException when the turns are no conversation
     */
    public static TokenBudget of(List<Turn> turns, ToIntFunction<String> count, Limits limits) {
        int images = 0;
        long words = 0;
        String pending = "";
        for (Piece piece : ChatTemplate.prompt(turns)) {
            switch (piece) {
                case Piece.Text(var text) -> pending += text;
                case Piece.Image _ -> {
                    for (int view = 0; view < limits.viewsPerImage(); view++) {
                        words += count.applyAsInt(pending + AROUND);
                        pending = AROUND;
                        images++;
                    }
                }
            }
        }
        words += pending.isEmpty() ? 0 : count.applyAsInt(pending);
        long soft = (long) images * (limits.tokensPerImage() + 2);
        return new TokenBudget(images, soft, words, limits.answerTokens(), limits.context());
    }

    /** Tokens before the answer. */
    public long promptTokens() {
        return imageTokens + textTokens;
    }

    public boolean fits() {
        return promptTokens() + answerTokens <= context;
    }

    /** How many pictures of the same kind could be shown at most, each with its share of the words around. */
    public long imagesThatFit() {
        if (images == 0) {
            return 0;
        }
        long left = context - answerTokens - textTokens;
        return Math.max(0, left / (imageTokens / images));
    }

    /** One line for people. */
    @Override
    public String toString() {
        return "%d pictures (%d tokens) and text (%d) are %d tokens; with %d for the answer %s %d"
                .formatted(
                        images,
                        imageTokens,
                        textTokens,
                        promptTokens(),
                        answerTokens,
                        fits() ? "they fit into" : "they do not fit into",
                        context);
    }
}
