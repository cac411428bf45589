package konsil.cli.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SplittableRandom;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import konsil.tensor.file.Layout;
import konsil.tensor.file.Metadata;
import konsil.tensor.file.TensorInfo;

/**
 * A checkpoint of a shape with made-up weights in bf16, small numbers around zero. All tensors look at the same memory,
 * as large as the largest of them: for speed, the values do not matter.
 */
final class RandomCheckpoint implements Checkpoint {
    private static final String CONFIG = "config.json";
    /** Variances, of which none is as long as this, are 1. */
    private static final int ROW = 1 << 14;

    private static final short ONE = 0x3f80;

    private final ModelShape shape;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment values;
    private final MemorySegment ones;

    RandomCheckpoint(ModelShape shape, long seed) {
        this.shape = shape;
        long largest = shape.tensors().values().stream()
                .mapToLong(RandomCheckpoint::elements)
                .max()
                .orElseThrow();
        values = arena.allocate(2 * largest, 64);
        fill(seed);
        ones = arena.allocate(2L * ROW, 64);
        for (long i = 0; i < ROW; i++) {
            ones.setAtIndex(ValueLayout.JAVA_SHORT, i, ONE);
        }
    }

    /** bf16 between 2^-9 and 2^-5 of either sign. */
    private void fill(long seed) {
        var random = new SplittableRandom(seed);
        for (long i = 0; i + 8 <= values.byteSize(); i += 8) {
            long bits = random.nextLong();
            values.set(ValueLayout.JAVA_LONG, i, bits & 0x81ff_81ff_81ff_81ffL | 0x3b00_3b00_3b00_3b00L);
        }
    }

    private static long elements(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    @Override
    public Path path() {
        return Path.of(shape.name());
    }

    @Override
    public List<Path> tensorFiles() {
        return List.of();
    }

    @Override
    public String format() {
        return "made up";
    }

    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(
                new LinkedHashSet<>(shape.tensors().sequencedKeySet()));
    }

    @Override
    public TensorInfo info(String name) {
        var sizes = shape.tensors().get(name);
        return new TensorInfo(name, FileType.BF16, sizes, new Layout.RowMajor(), 0, 2 * elements(sizes));
    }

    @Override
    public MemorySegment bytes(String name) {
        var all = name.endsWith("running_var") ? ones : values;
        return all.asSlice(0, 2 * elements(shape.tensors().get(name))).asReadOnly();
    }

    @Override
    public Metadata metadata() {
        return new Metadata(path(), new LinkedHashMap<>());
    }

    @Override
    public SequencedSet<String> files() {
        return new LinkedHashSet<>(List.of(CONFIG));
    }

    @Override
    public Optional<MemorySegment> file(String name) {
        return name.equals(CONFIG)
                ? Optional.of(MemorySegment.ofArray(shape.config().getBytes(StandardCharsets.UTF_8)))
                : Optional.empty();
    }

    @Override
    public void close() {
        arena.close();
    }
}
