package konsil.train.asr;

import java.util.Arrays;
import java.util.OptionalInt;
import konsil.medasr.MedAsrConfig;
import konsil.tensor.BadInputException;
import konsil.text.Tokenizer;

/**
 * Texts as the tokens that a network is to say, by the model's own tokenizer.
 *
 * @param end put behind every text: the mark that the published model ends with, as its fine-tune notebook does
 */
public record Labels(Tokenizer tokenizer, MedAsrConfig config, OptionalInt end) {
    private static final String END = "</s>";
    private static final String UNKNOWN = "<unk>";

    /**
     * Labels of a model.
     *
     * @param ended whether each text is to end with the end mark
     * @throws BadInputException when it is and the tokenizer has none that the network can say
     */
    public static Labels of(Tokenizer tokenizer, MedAsrConfig config, boolean ended) {
        if (!ended) {
            return new Labels(tokenizer, config, OptionalInt.empty());
        }
        var end = tokenizer.id(END);
        if (end.isEmpty() || end.getAsInt() >= config.vocabSize() || end.getAsInt() == config.blank()) {
            throw new BadInputException("the tokenizer has no %s among the network's %d tokens; leave the end mark out"
                    .formatted(END, config.vocabSize()));
        }
        return new Labels(tokenizer, config, end);
    }

    /**
     * The tokens of a text.
     *
     * @throws BadInputException when the tokenizer cannot write it, or the network has no such token
     */
    public int[] of(String text) {
        int[] ids = tokenizer.encode(text);
        var unknown = tokenizer.id(UNKNOWN);
        for (int id : ids) {
            if (unknown.isPresent() && id == unknown.getAsInt()) {
                throw new BadInputException("text: has characters that the model's tokenizer cannot write");
            }
            if (id == config.blank() || id >= config.vocabSize()) {
                throw new BadInputException("text: token %d is none of the network's %d tokens that can be said"
                        .formatted(id, config.vocabSize()));
            }
        }
        if (end.isEmpty() || ids.length > 0 && ids[ids.length - 1] == end.getAsInt()) {
            return ids;
        }
        int[] ended = Arrays.copyOf(ids, ids.length + 1);
        ended[ids.length] = end.getAsInt();
        return ended;
    }

    /**
     * Frames that a text needs at least: one for each token, one more between equal neighbours (Graves et al. 2006).
     */
    public static int framesNeeded(int[] labels) {
        int frames = labels.length;
        for (int i = 1; i < labels.length; i++) {
            frames += labels[i] == labels[i - 1] ? 1 : 0;
        }
        return frames;
    }
}
