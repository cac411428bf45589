package konsil.medasr.decoding;

import java.util.ArrayList;
import java.util.List;

/** The word of {@link CompatibleSearch} that may still go on. @param word as the language model would be asked */
record OpenWord(List<Integer> tokens, String word, int from, int to) {
    static final OpenWord NONE = new OpenWord(List.of(), "", -1, -1);

    OpenWord heardUntil(int frame) {
        return new OpenWord(tokens, word, from, frame);
    }

    OpenWord and(int token, String text, int frame) {
        var longer = new ArrayList<>(tokens);
        longer.add(token);
        return new OpenWord(List.copyOf(longer), word + text, from < 0 ? frame : from, frame + 1);
    }
}
