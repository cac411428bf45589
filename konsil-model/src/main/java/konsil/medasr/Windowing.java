package konsil.medasr;

/**
 * How sound is cut for a network that sees its input at once. Lengths are frames of the output, 40 ms each in MedASR,
 * and all cuts lie on their grid, so that frames of different windows fall on the same samples.
 *
 * <p>{@link #DEFAULT} takes up to a minute as a whole: on the one public clip of 44 s that was published with results,
 * the whole has no error, chunks of 20 s have one or two (docs/medasr.md). Beyond that it blends windows of 30 s
 * every 24 s: each frame has at least 3 s of context on both sides in one of them, where the reference has 2 s, the
 * seams weigh least, and the network runs over 1.25 times the sound. Windows of 20 s, the length of the segments that
 * the network was trained on, would cost 1.43 times the sound for the same context.
 */
public sealed interface Windowing {
    /** 60 s as a whole, otherwise {@link Blended#DEFAULT}. */
    Windowing DEFAULT = new Fitting(1500, Blended.DEFAULT);

    /**
     * All at once; time and memory grow with the square of the length.
     *
     * @param most frames before the sound is refused
     */
    record Whole(int most) implements Windowing {
        public Whole {
            require(most >= 1, "want at least one frame");
        }
    }

    /**
     * As the pipeline of transformers cuts (automatic_speech_recognition.py): chunks overlap by two strides, of each
     * one stride is dropped at both ends, what is left is joined.
     *
     * @param frames of a chunk
     * @param stride frames that are dropped
     */
    record Chunked(int frames, int stride) implements Windowing {
        /** 20 s with strides of 2 s, as in Google's sample. */
        public static final Chunked REFERENCE = new Chunked(500, 50);

        public Chunked {
            require(stride >= 0 && frames > 2L * stride, "want chunks longer than two strides");
        }
    }

    /**
     * Overlapping windows whose probabilities are averaged with the weights of a Hamming window, as the paper on MedASR
     * does (arXiv:2605.16555, which names neither length). The last window ends with the sound and is as long as the
     * others; sound that fits one window is taken as a whole.
     *
     * @param frames of a window
     * @param hop frames from one window to the next
     */
    record Blended(int frames, int hop) implements Windowing {
        /** 30 s every 24 s. */
        public static final Blended DEFAULT = new Blended(750, 600);

        public Blended {
            require(hop >= 1 && hop <= frames, "want a hop of 1 frame to the length of a window");
        }
    }

    /**
     * The whole of what fits, windows of the rest.
     *
     * @param most frames that are taken as a whole
     * @param beyond how longer sound is taken, from its beginning on
     */
    record Fitting(int most, Blended beyond) implements Windowing {
        public Fitting {
            require(most >= 1, "want at least one frame");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("windows of sound: " + otherwise);
        }
    }
}
