package konsil.medgemma;

import java.util.List;
import konsil.tensor.Mask;
import konsil.tensor.RingCache;

/** Tokens that a sequence is to be run on next, from the position of its cache on. */
public sealed interface Job {
    RingCache cache();

    /** How many tokens. */
    int tokens();

    /** Whether the logits after the last token are of use. */
    boolean wantsLogits();

    Mask mask();

    /** Ids whose rows are looked up; any for soft tokens. */
    int[] words();

    /**
     * A part of a known sequence. Logits are of use after its end only.
     *
     * @param sequence the whole of it, of which the cache holds the beginning
     * @param images of the whole sequence
     * @param tokens how many; they cut no image and are at most the cache's maxChunk
     */
    record Chunk(RingCache cache, TokenSequence sequence, List<SoftTokens> images, int tokens) implements Job {
        public Chunk {
            images = List.copyOf(images);
        }

        /** The longest chunk that a cache can take next. */
        public static Chunk next(RingCache cache, TokenSequence sequence, List<SoftTokens> images) {
            long first = cache.position();
            int most = (int) Math.min(cache.plan().maxChunk(), sequence.size() - first);
            return new Chunk(cache, sequence, images, sequence.mask().chunk(first, most));
        }

        @Override
        public boolean wantsLogits() {
            return cache.position() + tokens == sequence.size();
        }

        @Override
        public Mask mask() {
            return sequence.mask();
        }

        @Override
        public int[] words() {
            int first = Math.toIntExact(cache.position());
            return sequence.words(first, first + tokens);
        }
    }

    /** One more word. */
    record Step(RingCache cache, int id) implements Job {
        @Override
        public int tokens() {
            return 1;
        }

        @Override
        public boolean wantsLogits() {
            return true;
        }

        /** All images lie further back. */
        @Override
        public Mask mask() {
            return Mask.causal();
        }

        @Override
        public int[] words() {
            return new int[] {id};
        }
    }
}
