package konsil.text;

/** How text between added tokens becomes ids. Immutable; what works on one text is a {@link Run}. */
sealed interface Segmentation permits Bpe, Unigram {
    /** Work on one text. */
    interface Run {
        /** Adds the ids of a part of a text, its characters replaced where the tokenizer does so. */
        void encode(String text, int from, int to);
    }

    /** @param ids what to add to */
    Run run(Ids ids);

    /** What a space in a normalised text is written as. */
    char space();

    /** Whether texts get a mark in front, which decoding takes away again. */
    boolean marksBeginning();
}
