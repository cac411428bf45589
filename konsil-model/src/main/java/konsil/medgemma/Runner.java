package konsil.medgemma;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import konsil.tensor.BadInputException;
import konsil.tensor.KernelOps;
import konsil.tensor.RingCache;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;

/**
 * Runs a model: images to soft tokens, tokens to logits. What it has computed of a sequence lives in that sequence's
 * {@link RingCache}; one runner serves many. For one thread at a time.
 *
 * <p>Logits come as arrays of {@link TextConfig#vocabSize()}, rows that no token uses included.
 */
public final class Runner implements AutoCloseable {
    /** Rows that go through the output matrix at once. */
    private static final int LOGIT_ROWS = 32;

    private final MedGemma model;
    private final long memoryLimit;
    private final Workspace workspace;
    private final KernelOps ops;

    /** @param memoryLimit bytes of working memory, besides weights and caches, before an input is refused */
    public Runner(MedGemma model, long memoryLimit) {
        this.model = model;
        this.memoryLimit = memoryLimit;
        this.workspace = new Workspace(memoryLimit);
        this.ops = ops(workspace);
    }

    private KernelOps ops(Workspace space) {
        return new KernelOps(model.engine().kernels(), model.engine().workers(), space);
    }

    /** What a caller wants to see of a run over a sequence. */
    public interface Listener {
        /** Whether the logits after the token at this position are wanted. */
        boolean wants(int position);

        /** The logits that were wanted. */
        void logits(int position, float[] logits);

        /** The cache now stands here; may throw to stop the run, which can be taken up again from there. */
        default void advanced(int position) {}
    }

    /**
     * The soft tokens of an image.
     *
     * @param pixels channel by channel, row by row, -1 to 1
     * @throws BadInputException when the model takes no images, or the memory limit is reached
     */
    public SoftTokens encode(float[] pixels) {
        return look(pixels, (encoder, imageOps, image) -> {
            Tensor soft = encoder.forward(imageOps, image, model.engine().images());
            return new SoftTokens(soft.toArray(), soft.dim(0), soft.dim(1));
        });
    }

    /**
     * What the vision tower makes of an image, before the projector: what transformers calls last_hidden_state.
     *
     * @param pixels as for {@link #encode}
     * @return (patches, hiddenSize of the tower), row by row
     * @throws BadInputException as {@link #encode}
     */
    public float[] visionHidden(float[] pixels) {
        return look(pixels, (encoder, imageOps, image) -> encoder.vision()
                .forward(imageOps, image, model.engine().images())
                .toArray());
    }

    private interface Look<T> {
        T at(ImageEncoder encoder, KernelOps ops, Tensor image);
    }

    private <T> T look(float[] pixels, Look<T> look) {
        var encoder = model.images().orElseThrow(() -> new BadInputException("this model reads text only, no images"));
        var vision = encoder.vision().config();
        try (var space = new Workspace(memoryLimit)) {
            Tensor image = space.tensor(VisionConfig.CHANNELS, vision.imageSize(), vision.imageSize());
            image.copyFrom(pixels);
            return look.at(encoder, ops(space), image);
        }
    }

    /**
     * Runs what the cache does not hold yet of a sequence.
     *
     * @param cache stands anywhere before the end of the sequence, not within an image; holds its beginning
     * @param images one for each image of the sequence
     * @return logits after the last token
     * @throws BadInputException when the sequence is longer than the cache allows, the images are not as many, or an id
     *     lies beyond the vocabulary
     */
    public float[] prefill(RingCache cache, TokenSequence sequence, List<SoftTokens> images) {
        var last = new ArrayList<float[]>();
        run(cache, sequence, images, new Listener() {
            @Override
            public boolean wants(int position) {
                return position == sequence.size() - 1;
            }

            @Override
            public void logits(int position, float[] logits) {
                last.add(logits);
            }
        });
        return last.getFirst();
    }

    /** As {@link #prefill}, for a caller who wants to see more of it. */
    public void run(RingCache cache, TokenSequence sequence, List<SoftTokens> images, Listener listener) {
        requireRunnable(cache, sequence, images);
        cache.reserve(sequence.size());
        while (cache.position() < sequence.size()) {
            int first = Math.toIntExact(cache.position());
            var chunk = Job.Chunk.next(cache, sequence, images);
            Tensor hidden = hidden(List.of(chunk));
            int[] wanted = IntStream.range(first, first + chunk.tokens())
                    .filter(listener::wants)
                    .toArray();
            for (int from = 0; from < wanted.length; from += LOGIT_ROWS) {
                int[] positions = Arrays.copyOfRange(wanted, from, Math.min(wanted.length, from + LOGIT_ROWS));
                int[] rows = Arrays.stream(positions).map(p -> p - first).toArray();
                var logits = logits(hidden, rows);
                for (int i = 0; i < rows.length; i++) {
                    listener.logits(positions[i], logits.get(i));
                }
            }
            listener.advanced(first + chunk.tokens());
        }
    }

    private static void requireRunnable(RingCache cache, TokenSequence sequence, List<SoftTokens> images) {
        if (cache.position() >= sequence.size()) {
            throw new IllegalArgumentException(
                    "run: the cache holds %d tokens, the sequence has %d".formatted(cache.position(), sequence.size()));
        }
        if (images.size() != sequence.images()) {
            throw new BadInputException(
                    "the text has room for %d images, got %d".formatted(sequence.images(), images.size()));
        }
    }

    /**
     * Logits after one more word.
     *
     * @throws BadInputException when the context is full or the id lies beyond the vocabulary
     */
    public float[] step(RingCache cache, int id) {
        return run(List.of(new Job.Step(cache, id))).getFirst().orElseThrow();
    }

    /**
     * Runs several sequences together, which reads the weights once for all of them. The results are the same, to the
     * bit, as of each alone.
     *
     * @param jobs no cache twice
     * @return for each job the logits after its last token, if it wants them
     */
    public List<Optional<float[]>> run(List<? extends Job> jobs) {
        var wanted = jobs.stream().map(Job::wantsLogits).toList();
        Tensor hidden = hidden(jobs);
        var rows = new int[jobs.size()];
        int count = 0;
        int end = 0;
        for (int i = 0; i < jobs.size(); i++) {
            end += jobs.get(i).tokens();
            if (wanted.get(i)) {
                rows[count++] = end - 1;
            }
        }
        var logits = logits(hidden, Arrays.copyOf(rows, count)).iterator();
        return wanted.stream()
                .map(wants -> wants ? Optional.of(logits.next()) : Optional.<float[]>empty())
                .toList();
    }

    /** Rows of all jobs, one below the other, after the last norm; the caches move on. */
    private Tensor hidden(List<? extends Job> jobs) {
        workspace.reset();
        int[] ids =
                jobs.stream().flatMapToInt(job -> Arrays.stream(job.words())).toArray();
        requireVocabulary(ids);
        Tensor x = model.text().embed(ops, ids);
        int row = 0;
        for (var job : jobs) {
            if (job instanceof Job.Chunk chunk) {
                x = withImages(x, row, chunk);
            }
            row += job.tokens();
        }
        var pieces = jobs.stream()
                .map(job -> new Batch.Piece(job.mask(), job.cache(), job.tokens()))
                .toList();
        return model.text().forward(ops, x, new Batch(pieces));
    }

    private void requireVocabulary(int[] ids) {
        int rows = model.config().text().vocabSize();
        for (int id : ids) {
            if (id < 0 || id >= rows) {
                throw new BadInputException(
                        "token %d lies beyond the %d of this model. Does the tokenizer belong to it?"
                                .formatted(id, rows));
            }
        }
    }

    /** @param row of the chunk's first token in x */
    private Tensor withImages(Tensor x, int row, Job.Chunk chunk) {
        int first = Math.toIntExact(chunk.cache().position());
        int[] positions = chunk.sequence().softPositions(first, first + chunk.tokens());
        if (positions.length == 0) {
            return x;
        }
        int size = x.dim(1);
        var values = new float[Math.multiplyExact(positions.length, size)];
        for (int i = 0; i < positions.length; i++) {
            var image = chunk.images().get(chunk.sequence().imageOf(positions[i]));
            int from = chunk.sequence().softIndex(positions[i]) * size;
            System.arraycopy(image.values(), from, values, i * size, size);
        }
        Tensor soft = workspace.tensor(positions.length, size);
        soft.copyFrom(values);
        int[] rows = Arrays.stream(positions).map(p -> p - first + row).toArray();
        return ops.scatterRows(x, rows, soft);
    }

    private List<float[]> logits(Tensor hidden, int[] rows) {
        if (rows.length == 0) {
            return List.of();
        }
        try (var _ = workspace.mark()) {
            float[] all = model.text().logits(ops, ops.selectRows(hidden, rows)).toArray();
            int size = model.config().text().vocabSize();
            return IntStream.range(0, rows.length)
                    .mapToObj(i -> Arrays.copyOfRange(all, i * size, (i + 1) * size))
                    .toList();
        }
    }

    @Override
    public void close() {
        workspace.close();
    }
}
