package konsil.clinic;

import java.util.List;

/**
 * Lets text through up to the first of several texts that end it, and holds back what could be the beginning of one.
 * The first is the one that is complete first, so that it does not matter in which parts the text comes.
 */
final class StopTexts {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean met;

    StopTexts(List<String> stops) {
        this.stops = stops;
    }

    /** Whether one of the texts has come. */
    boolean met() {
        return met;
    }

    /** @return what is certain to stand before any of the texts */
    String accept(String words) {
        if (met) {
            return "";
        }
        held.append(words);
        int first = first();
        if (first >= 0) {
            met = true;
            String before = held.substring(0, first);
            held.setLength(0);
            return before;
        }
        String certain = held.substring(0, held.length() - beginning());
        held.delete(0, certain.length());
        return certain;
    }

    /** What is still held back, when no more comes. */
    String finish() {
        String rest = held.toString();
        held.setLength(0);
        return rest;
    }

    /** Where the text begins that is complete first, the longest of them; negative if none is. */
    private int first() {
        int first = -1;
        int end = Integer.MAX_VALUE;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            int to = at + stop.length();
            if (at >= 0 && (to < end || to == end && at < first)) {
                first = at;
                end = to;
            }
        }
        return first;
    }

    /** How many characters at the end could begin one of the texts. */
    private int beginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (held.substring(held.length() - length).equals(stop.substring(0, length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
