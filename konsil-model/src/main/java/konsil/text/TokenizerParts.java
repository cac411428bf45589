package konsil.text;

import java.util.List;

/**
 * Everything that makes a tokenizer, whichever file it was read from.
 *
 * @param vocabulary all tokens, added ones included
 * @param added tokens that are cut out first
 * @param rules the merges
 * @param settings the rest
 */
record TokenizerParts(Vocabulary vocabulary, List<AddedToken> added, MergeRules rules, Settings settings) {
    /** Stands for an id that there is not. */
    static final int NONE = -1;

    /**
     * @param unknown the token for characters that cannot be written otherwise, or {@link #NONE}: they are left out
     * @param fuseUnknown whether a run of such characters becomes one token
     * @param byteFallback whether such characters are written as tokens for their UTF-8 bytes
     * @param spaceMark whether spaces are replaced by {@link Tokenizer#SPACE_MARK}
     */
    record Settings(int unknown, boolean fuseUnknown, boolean byteFallback, boolean spaceMark) {}

    TokenizerParts {
        added = List.copyOf(added);
    }
}
