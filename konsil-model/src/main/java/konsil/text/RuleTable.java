package konsil.text;

/**
 * Finds the merge rule of a pair of symbols: all rules with the same left symbol stand together, sorted by the right
 * one. Ready as soon as the rules are read, unlike a hash table of half a million pairs.
 */
final class RuleTable {
    /** What {@link #find} returns for a pair that stays apart. */
    static final long NONE = -1;

    private final MergeRules rules;
    private final int[] starts;

    /** @param symbols how many there are, tokens and extra ones */
    RuleTable(MergeRules rules, int symbols) {
        this.rules = rules;
        this.starts = MergeRules.starts(rules.left(), symbols);
    }

    /** What two neighbours become: {@code rank << 32 | result}, or {@link #NONE}. */
    long find(int left, int right) {
        int from = starts[left];
        int to = starts[left + 1];
        int[] rights = rules.right();
        while (from < to) {
            int middle = from + to >>> 1;
            int there = rights[middle];
            if (there == right) {
                return (long) rules.rank()[middle] << 32 | rules.result()[middle];
            }
            if (there < right) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return NONE;
    }
}
