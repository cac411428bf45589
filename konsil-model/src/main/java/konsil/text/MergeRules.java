package konsil.text;

/**
 * Which two neighbouring symbols become one, and which pair goes first. Symbols are token ids; ids from the size of the
 * vocabulary on stand for characters that are no tokens themselves but parts of some, see {@link #extra}. Sorted by
 * left, then right, each pair once: {@link #sorted} makes them so.
 *
 * @param left the first symbol of each rule
 * @param right the second
 * @param result the token that both become
 * @param rank the lower the sooner; where ranks are equal, the leftmost pair of a text goes first
 * @param extra code points of the symbols that are not tokens
 */
record MergeRules(int[] left, int[] right, int[] result, int[] rank, int[] extra) {
    /** Rules of one tokenizer; Gemma 3 has 514,906. */
    static final int MAX_SIZE = 1 << 21;

    int size() {
        return left.length;
    }

    /** Whether they are in order and every number in them points at something. @param tokens of the vocabulary */
    boolean sound(int tokens) {
        int symbols = tokens + extra.length;
        long before = -1;
        boolean sound = true;
        for (int i = 0; i < left.length; i++) {
            long pair = (long) left[i] << 32 | right[i];
            sound &= pair > before && left[i] < symbols && right[i] >= 0 && right[i] < symbols;
            sound &= result[i] >= 0 && result[i] < tokens && rank[i] >= 0;
            before = pair;
        }
        for (int codePoint : extra) {
            sound &= Character.isValidCodePoint(codePoint);
        }
        return sound;
    }

    /**
     * Puts rules in order; of several for the same pair the last counts.
     *
     * @param symbols how many there are, tokens and extra ones
     */
    static MergeRules sorted(MergeRules rules, int symbols) {
        int[] order = new int[rules.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        order = stable(stable(order, rules.right, symbols), rules.left, symbols);
        int count = 0;
        for (int i = 0; i < order.length; i++) {
            if (i + 1 == order.length || !samePair(rules, order[i], order[i + 1])) {
                order[count++] = order[i];
            }
        }
        return new MergeRules(
                gather(rules.left, order, count),
                gather(rules.right, order, count),
                gather(rules.result, order, count),
                gather(rules.rank, order, count),
                rules.extra);
    }

    private static boolean samePair(MergeRules rules, int one, int other) {
        return rules.left[one] == rules.left[other] && rules.right[one] == rules.right[other];
    }

    /** The same numbers, sorted by the keys that they point at: by counting. */
    private static int[] stable(int[] order, int[] keys, int most) {
        int[] places = starts(keys, most);
        int[] sorted = new int[order.length];
        for (int at : order) {
            sorted[places[keys[at]]++] = at;
        }
        return sorted;
    }

    /** Where each key begins when all are sorted; one more than there are keys. @param most greater than any key */
    static int[] starts(int[] keys, int most) {
        int[] starts = new int[most + 1];
        for (int key : keys) {
            starts[key + 1]++;
        }
        for (int key = 0; key < most; key++) {
            starts[key + 1] += starts[key];
        }
        return starts;
    }

    private static int[] gather(int[] values, int[] order, int count) {
        int[] gathered = new int[count];
        for (int i = 0; i < count; i++) {
            gathered[i] = values[order[i]];
        }
        return gathered;
    }
}
