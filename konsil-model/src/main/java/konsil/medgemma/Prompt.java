package konsil.medgemma;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import konsil.tensor.BadInputException;
import konsil.text.Piece;
import konsil.text.Tokenizer;

/**
 * A rendered conversation as the tokens that a model is run on (transformers processing_gemma3.py): each view of an
 * image becomes an empty line, the mark of its beginning, its soft tokens, the mark of its end and an empty line; the
 * whole text is encoded at once, since newlines that meet become one token.
 */
public final class Prompt {
    private static final String BEFORE_CROPS = "Here is the original image ";
    private static final String CROPS = " and here are some crops to help you see better ";

    /** Models have up to so many rows more than tokens: their number is rounded up. */
    private static final int ROUNDING = 64;

    private static final int FEW = 100;

    private final MedGemmaConfig config;
    private final Tokenizer tokenizer;

    /** @throws BadInputException when the numbers of tokens and of the model's rows do not fit */
    public Prompt(MedGemmaConfig config, Tokenizer tokenizer) {
        this.config = config;
        this.tokenizer = tokenizer;
        int rows = config.text().vocabSize();
        int unused = rows - tokenizer.size();
        if (unused < -1 || unused > Math.max(ROUNDING, rows / FEW)) {
            throw new BadInputException("the tokenizer has %d tokens, the model has rows for %d: they do not belong "
                            .formatted(tokenizer.size(), rows)
                    + "together. Use the tokenizer that was published with the model.");
        }
        config.images().ifPresent(this::requireMarks);
    }

    private void requireMarks(ImageConfig images) {
        if (Math.max(images.beginToken(), images.endToken()) >= tokenizer.size()) {
            throw new BadInputException(
                    "the marks of images are tokens %d and %d, the tokenizer ends at %d: it belongs to another model"
                            .formatted(images.beginToken(), images.endToken(), tokenizer.size() - 1));
        }
    }

    /**
     * The token sequence of a conversation.
     *
     * @param pieces text and images in order, as {@link konsil.text.ChatTemplate} renders them
     * @param views for each image, how many pictures the model sees of it: 1, or with pan and scan its crops, too
     * @throws BadInputException when the model takes no images and there are some, or the text itself contains a mark
     *     of an image
     */
    public TokenSequence sequence(List<Piece> pieces, List<Integer> views) {
        if (config.images().isEmpty() && !views.isEmpty()) {
            throw new BadInputException("this model reads text only, no images; leave the images out");
        }
        int[] ids = tokenizer.encode(text(pieces, views));
        int pictures = views.stream().mapToInt(Integer::intValue).sum();
        return config.images()
                .map(images -> TokenSequence.of(config, withSoftTokens(ids, images, pictures)))
                .orElseGet(() -> TokenSequence.ofText(ids));
    }

    private String text(List<Piece> pieces, List<Integer> views) {
        var text = new StringBuilder();
        int image = 0;
        for (var piece : pieces) {
            switch (piece) {
                case Piece.Text(var words) -> text.append(words);
                case Piece.Image _ -> append(text, views.get(image++));
            }
        }
        if (image != views.size()) {
            throw new IllegalArgumentException("prompt: %d images, %d numbers of views".formatted(image, views.size()));
        }
        return text.toString();
    }

    private void append(StringBuilder text, int views) {
        if (views == 1) {
            text.append(place());
            return;
        }
        text.append(BEFORE_CROPS).append(place()).append(CROPS);
        for (int crop = 1; crop < views; crop++) {
            text.append(crop > 1 ? " " : "").append(place());
        }
    }

    /** The two marks of an image, between which its soft tokens will stand. */
    private String place() {
        var images = config.images().orElseThrow();
        return "\n\n" + tokenizer.token(images.beginToken()) + tokenizer.token(images.endToken()) + "\n\n";
    }

    private static int[] withSoftTokens(int[] ids, ImageConfig images, int pictures) {
        var all = new ArrayList<Integer>();
        int places = 0;
        for (int i = 0; i < ids.length; i++) {
            all.add(ids[i]);
            boolean begins = ids[i] == images.beginToken();
            boolean place = begins && i + 1 < ids.length && ids[i + 1] == images.endToken();
            if (ids[i] == images.softToken() || begins && !place) {
                throw marked();
            }
            if (place) {
                places++;
                fill(all::add, images);
            }
        }
        if (places != pictures) {
            throw marked();
        }
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void fill(IntConsumer to, ImageConfig images) {
        for (int i = 0; i < images.tokensPerImage(); i++) {
            to.accept(images.softToken());
        }
    }

    private static BadInputException marked() {
        return new BadInputException("the text contains a mark that stands for an image, such as "
                + "<start_of_image>; take it out and hand over the image itself");
    }
}
