package konsil.train.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import konsil.kernel.NativeMemory;
import konsil.medgemma.GemmaText;
import konsil.medgemma.ImageEncoder;
import konsil.medgemma.MedGemma;
import konsil.tensor.BadInputException;
import konsil.tensor.Projection;
import konsil.tensor.Tensor;
import konsil.train.optim.Learnable;

/** An adapter that is being trained: a small update for each of some matrices of one model. */
public final class Lora implements AutoCloseable {
    private final LoraSettings settings;
    private final Map<Matrix, Update> updates;
    private final NativeMemory memory;

    /**
     * What is added to a matrix: scale * b(a(x)).
     *
     * @param a (rank, in), plain f32
     * @param b (out, rank), plain f32
     */
    record Update(Tensor a, Tensor b, float scale) {}

    Lora(LoraSettings settings, Map<Matrix, Update> updates, NativeMemory memory) {
        this.settings = settings;
        this.updates = updates;
        this.memory = memory;
    }

    /**
     * An adapter that changes nothing yet, as PEFT starts one: a uniform within 1 / root(in) of 0 (Kaiming with a =
     * root 5), b zero. The values are drawn by Konsil's own generator, not by torch's.
     *
     * @throws BadInputException when no matrix of the model is meant
     */
    public static Lora fresh(MedGemma model, LoraSettings settings, long seed) {
        var memory = new NativeMemory();
        var updates = new LinkedHashMap<Matrix, Update>();
        all(model).forEach((matrix, base) -> {
            if (meant(settings.targets()).test(matrix)) {
                updates.put(matrix, update(matrix, base, settings, seed, memory));
            }
        });
        if (updates.isEmpty()) {
            memory.close();
            throw new BadInputException("targets: no matrix of this model is meant; names are as in "
                    + all(model).keySet().iterator().next().module());
        }
        return new Lora(settings, updates, memory);
    }

    private static Predicate<Matrix> meant(Targets targets) {
        return switch (targets) {
            case Targets.Leaves(var names, boolean vision) ->
                matrix -> (names.isEmpty() || names.contains(matrix.leaf()))
                        && (vision || matrix.part() == Matrix.Part.TEXT);
            case Targets.Regex(var pattern) ->
                matrix -> pattern.matcher(matrix.module()).matches();
            case Targets.AsRead _ -> throw new IllegalArgumentException("an adapter that was read is not made anew");
        };
    }

    private static Update update(
            Matrix matrix, Projection base, LoraSettings settings, long seed, NativeMemory memory) {
        int rank = settings.rank();
        var random = new SplittableRandom(Seeds.of(seed, matrix.module()));
        double bound = 1 / Math.sqrt(base.in());
        float[] a = new float[Math.multiplyExact(rank, base.in())];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) random.nextDouble(-bound, bound);
        }
        return new Update(
                Tensor.of(memory, a, rank, base.in()), Tensor.zeros(memory, base.out(), rank), settings.scale());
    }

    /** Every matrix of a model's layers. */
    static Map<Matrix, Projection> all(MedGemma model) {
        var all = new LinkedHashMap<Matrix, Projection>();
        model.text().adapted((name, base) -> {
            all.put(new Matrix(Matrix.Part.TEXT, name), base);
            return base;
        });
        model.images().ifPresent(encoder -> encoder.vision().adapted((name, base) -> {
            all.put(new Matrix(Matrix.Part.VISION, name), base);
            return base;
        }));
        return all;
    }

    public LoraSettings settings() {
        return settings;
    }

    /** How many matrices it is for. */
    public int matrices() {
        return updates.size();
    }

    Map<Matrix, Update> updates() {
        return updates;
    }

    /** Whether it changes how images are seen. */
    public boolean changesImages() {
        return updates.keySet().stream().anyMatch(matrix -> matrix.part() == Matrix.Part.VISION);
    }

    /** Its tensors that change how images are seen. */
    public Set<Tensor> ofImages() {
        return updates.entrySet().stream()
                .filter(entry -> entry.getKey().part() == Matrix.Part.VISION)
                .flatMap(entry ->
                        Stream.of(entry.getValue().a(), entry.getValue().b()))
                .collect(Collectors.toSet());
    }

    /** Its tensors, by the names that PEFT gives them in a file. */
    public List<Learnable> learnables() {
        var all = new ArrayList<Learnable>();
        updates.forEach((matrix, update) -> {
            all.add(Learnable.of(AdapterFile.a(matrix), update.a()));
            all.add(Learnable.of(AdapterFile.b(matrix), update.b()));
        });
        return all;
    }

    /** The decoder with this on it; it changes as this is trained. */
    public GemmaText on(GemmaText base) {
        return base.adapted((name, matrix) -> on(new Matrix(Matrix.Part.TEXT, name), matrix, LowRanks.PLAIN));
    }

    /** The same while training, with dropout. @param masks of the thread that runs it */
    public GemmaText on(GemmaText base, DropoutMasks masks) {
        return base.adapted((name, matrix) -> on(new Matrix(Matrix.Part.TEXT, name), matrix, thinned(masks)));
    }

    /** A model with this on it; shares the model's memory and need not be closed. */
    public MedGemma on(MedGemma model) {
        return model.adapted(
                (name, matrix) -> on(new Matrix(Matrix.Part.TEXT, name), matrix, LowRanks.PLAIN),
                (name, matrix) -> on(new Matrix(Matrix.Part.VISION, name), matrix, LowRanks.PLAIN));
    }

    /** The image part with this on it. */
    public ImageEncoder on(ImageEncoder base) {
        return images(base, LowRanks.PLAIN);
    }

    /** The same while training, with dropout. @param masks of the thread that runs it */
    public ImageEncoder on(ImageEncoder base, DropoutMasks masks) {
        return images(base, thinned(masks));
    }

    private ImageEncoder images(ImageEncoder base, LowRanks kind) {
        var vision = base.vision().adapted((name, matrix) -> on(new Matrix(Matrix.Part.VISION, name), matrix, kind));
        return new ImageEncoder(vision, base.projector());
    }

    /** What is made of a matrix and its update. */
    private interface LowRanks {
        LowRanks PLAIN = (matrix, lowRank) -> lowRank;

        Projection of(Matrix matrix, Projection.LowRank lowRank);
    }

    private static LowRanks thinned(DropoutMasks masks) {
        return (matrix, lowRank) ->
                new Projection.ThinnedLowRank(lowRank, rows -> masks.mask(matrix, rows, lowRank.in()));
    }

    private Projection on(Matrix matrix, Projection base, LowRanks kind) {
        return Optional.ofNullable(updates.get(matrix))
                .map(u -> kind.of(matrix, new Projection.LowRank(base, u.a(), u.b(), u.scale())))
                .orElse(base);
    }

    /** Gives its memory back. */
    @Override
    public void close() {
        memory.close();
    }
}
