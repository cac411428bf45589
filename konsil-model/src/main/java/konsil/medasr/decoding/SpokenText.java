package konsil.medasr.decoding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import konsil.medasr.lm.LmState;
import konsil.medasr.lm.NGramModel;

/** Whole words in a row in {@link CompatibleSearch}, and what the language model says of them; one object a text. */
final class SpokenText {
    private final Fusion fusion;
    private final Optional<SpokenText> before;
    private final OpenWord last;
    private final Map<String, SpokenText> longer = new HashMap<>();
    private boolean scored;
    private double score;
    private Optional<LmState> state = Optional.empty();

    private SpokenText(Fusion fusion, Optional<SpokenText> before, OpenWord last) {
        this.fusion = fusion;
        this.before = before;
        this.last = last;
    }

    /** The empty text. */
    static SpokenText start(Fusion fusion) {
        var start = new SpokenText(fusion, Optional.empty(), OpenWord.NONE);
        start.scored = true;
        start.state = fusion.model().map(NGramModel::start);
        return start;
    }

    /** This text and one more word; itself for no word. */
    SpokenText then(OpenWord word) {
        return word.word().isEmpty()
                ? this
                : longer.computeIfAbsent(word.word(), _ -> new SpokenText(fusion, Optional.of(this), word));
    }

    /** The weighted sum of the language model. @param isEnd whether to add the end of the sentence, the first time */
    double score(boolean isEnd) {
        if (!scored) {
            scored = true;
            score = before.orElseThrow().score(false)
                    + fusion.model().map(model -> lastWord(model, isEnd)).orElse(0.0);
        }
        return score;
    }

    private double lastWord(NGramModel model, boolean isEnd) {
        int id = model.wordId(last.word());
        var result = model.score(before.orElseThrow().state.orElseThrow(), id);
        state = Optional.of(result.next());
        double log10 =
                result.log10() + (id == NGramModel.UNKNOWN ? fusion.weights().unknown() : 0);
        if (isEnd) {
            log10 += model.score(result.next(), model.end()).log10();
        }
        return fusion.weights().alpha() * log10 * Fusion.LN10 + fusion.weights().beta();
    }

    /** At most so many words from the end, the last first. */
    List<String> lastWords(int most) {
        var words = new ArrayList<String>();
        for (var at = this; at.before.isPresent() && words.size() < most; at = at.before.get()) {
            words.add(at.last.word());
        }
        return words;
    }

    /** The tokens of each word, the first word first. */
    List<List<Integer>> tokens() {
        var words = new ArrayList<List<Integer>>();
        for (var at = this; at.before.isPresent(); at = at.before.get()) {
            words.add(at.last.tokens());
        }
        return words.reversed();
    }
}
