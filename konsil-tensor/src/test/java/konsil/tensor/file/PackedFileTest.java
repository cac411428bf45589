package konsil.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import konsil.kernel.WeightFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A packed file that was damaged or made by someone else: refused when opened, or by verify, always by name. */
class PackedFileTest {
    private static final Hash HASH = Hash.of(MemorySegment.ofArray(new byte[128]));

    @TempDir
    Path folder;

    private byte[] whole;

    @BeforeEach
    void aPackedFile() throws IOException {
        Path source = folder.resolve("model.safetensors");
        SafetensorsWriter.write(
                source,
                List.of(
                        NewTensor.of("a.weight", FileType.F32, new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
                        NewTensor.of("a.bias", FileType.F32, new float[] {1, 2}, 2)),
                Map.of());
        Path target = folder.resolve("x.konsil");
        try (var checkpoint = Checkpoint.open(source)) {
            var settings = new ImportSettings(WeightFormat.Q8_0, List.of());
            new Importer(checkpoint, settings, new Importer.Progress() {
                        @Override
                        public void begin(long totalBytes) {}

                        @Override
                        public void advance(long bytes) {}
                    })
                    .run(target);
        }
        whole = Files.readAllBytes(target);
    }

    private static PackedFile open(byte[] bytes) {
        return PackedFile.open(MappedFile.of(Path.of("bad.konsil"), MemorySegment.ofArray(bytes)));
    }

    @Test
    void startsAsItsDescriptionSays() throws IOException {
        assertThat(Arrays.copyOf(whole, 8)).isEqualTo("KONSIL\r\n".getBytes(StandardCharsets.US_ASCII));
        try (var file = open(whole)) {
            assertThat(file.format()).isEqualTo("konsil v1");
            assertThat(file.info("a.weight").offset() % 4096).isZero();
            assertThat(file.info("a.weight").bytes()).isEqualTo(WeightFormat.Q8_0.bytes(2, 3));
            assertThat(file.sha256("a.bias"))
                    .isEqualTo(Hash.of(file.bytes("a.bias")).hex());
        }
    }

    @Test
    void everyCutIsRefusedWhenOpened() throws IOException {
        for (int length = 0; length < whole.length; length += length < 600 ? 1 : 97) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> open(cut)).as("%d bytes", length).isInstanceOf(BadFileException.class);
        }
        assertThatThrownBy(() -> open(Arrays.copyOf(whole, whole.length + 1)))
                .hasMessageContaining("bad.konsil: the file was %d bytes long".formatted(whole.length));
    }

    @Test
    void everyChangedByteIsFound() throws IOException {
        for (int at = 0; at < whole.length; at += at < 700 ? 1 : 13) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x10;
            assertThatThrownBy(() -> {
                        try (var file = open(changed)) {
                            file.verify(done -> {});
                        }
                    })
                    .as("byte %d", at)
                    .isInstanceOf(BadFileException.class);
        }
    }

    @Test
    void aChangedTensorIsNamed() throws IOException {
        try (var file = open(whole)) {
            int at = (int) file.info("a.weight").offset() + 5;
            byte[] changed = whole.clone();
            changed[at]++;
            try (var damaged = open(changed)) {
                assertThatThrownBy(() -> damaged.verify(done -> {}))
                        .hasMessageContaining("bad.konsil: a.weight: its bytes have changed since the import");
            }
        }
    }

    @Test
    void indexesMadeToHarmAreRefusedByName() throws IOException {
        refuses(tensor(info -> ImportPlan.at(info, 5000, 8)), "t: want a place that is a multiple of 4096, got 5000");
        refuses(tensor(info -> ImportPlan.at(info, 1L << 40, 8)), "t: its 8 bytes at byte");
        refuses(tensor(info -> ImportPlan.at(info, -4096, 8)), "t: its 8 bytes at byte -4096");
        refuses(tensor(info -> ImportPlan.at(info, 0, 8)), "t: its bytes at 0 overlap others");
        refuses(tensor(info -> ImportPlan.at(info, 4096, 9)), "t: want 8 bytes for its shape, the index says 9");
        refuses(tensor(info -> ImportPlan.at(info, 4096, -8)), "t: want 8 bytes");
        refuses(shaped(1L << 60), "t: want 4611686018427387904 bytes for its shape");
        refuses(shaped(1L << 62), "t: its shape is beyond any file");
        refuses(shaped(1L << 40, 1L << 40), "t: its shape is beyond any file");
        refuses(shaped(-2), "t: a dimension is negative");
        refuses(packed(1L << 31, 64), "t: its shape is beyond any file");
        refuses(packed(64), "t: [64] cannot be packed OUT_FIRST");
        refuses(
                index -> with(
                        index,
                        List.of(index.tensors().getFirst(), index.tensors().getFirst())),
                "two tensors");
        refuses(file("f", 0, 10), "f: its bytes at 0 overlap others");
        refuses(file("f", 4000, 100), "t: its bytes at 4096 overlap others");
        refuses(file("f", 1L << 50, 10), "f: lies beyond the end of the file");
        refuses(file("f", Long.MAX_VALUE, Long.MAX_VALUE), "f: lies beyond the end of the file");
    }

    private static UnaryOperator<PackedIndex> tensor(UnaryOperator<TensorInfo> change) {
        return index -> with(
                index,
                index.tensors().stream()
                        .map(tensor -> new PackedIndex.PackedTensor(
                                change.apply(tensor.info()), tensor.original(), tensor.sha256()))
                        .toList());
    }

    private static UnaryOperator<PackedIndex> shaped(long... shape) {
        return tensor(info -> new TensorInfo("t", FileType.F32, NewTensor.boxed(shape), 4096, 8));
    }

    private static UnaryOperator<PackedIndex> packed(long... shape) {
        var layout = new Layout.Packed(WeightFormat.Q8_0, Arrangement.OUT_FIRST);
        return tensor(info -> new TensorInfo("t", FileType.Q8_0, NewTensor.boxed(shape), layout, 4096, 8));
    }

    private static UnaryOperator<PackedIndex> file(String name, long offset, long bytes) {
        return index -> new PackedIndex(
                index.metadata(),
                index.sources(),
                List.of(new PackedIndex.Part(name, offset, bytes, HASH)),
                index.tensors());
    }

    private static PackedIndex with(PackedIndex index, List<PackedIndex.PackedTensor> tensors) {
        return new PackedIndex(index.metadata(), index.sources(), index.files(), tensors);
    }

    private void refuses(Function<PackedIndex, PackedIndex> change, String message) {
        var tensor = new TensorInfo("t", FileType.F32, List.of(2L), 4096, 8);
        var entry = new PackedIndex.PackedTensor(tensor, FileType.F32, HASH);
        var index = new PackedIndex(new LinkedHashMap<>(), List.of(), List.of(), List.of(entry));
        assertThatThrownBy(() -> open(bytes(change.apply(index))))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith("bad.konsil: ")
                .hasMessageContaining(message);
    }

    /** A file of 8192 bytes with a valid header and this index. */
    static byte[] bytes(PackedIndex index) {
        byte[] encoded = index.encode();
        byte[] file = new byte[8192];
        System.arraycopy(PackedHeader.encode(file.length, encoded), 0, file, 0, PackedHeader.BYTES);
        System.arraycopy(encoded, 0, file, PackedHeader.BYTES, encoded.length);
        return file;
    }

    @Test
    void refusesIndexesThatAreNoIndex() throws IOException {
        for (byte[] index : List.of(
                new byte[0],
                new byte[] {-1, -1, -1, -1},
                new byte[16 + 1],
                new TestBytes().u32(1).u32(-1).bytes(),
                new TestBytes().u32(0).u32(0).u32(0).u32(1).u32(70_000).bytes(),
                new TestBytes().u32(0).u32(0).u32(0).u32(1 << 30).zeros(40).bytes())) {
            byte[] file = Arrays.copyOf(whole, 8192);
            System.arraycopy(PackedHeader.encode(file.length, index), 0, file, 0, PackedHeader.BYTES);
            System.arraycopy(index, 0, file, PackedHeader.BYTES, index.length);
            assertThatThrownBy(() -> open(file)).isInstanceOf(BadFileException.class);
        }
    }

    @Test
    void aMatrixWithoutRowsTakesNoMemoryHoweverLongItsRowsAre() {
        var layout = new Layout.Packed(WeightFormat.F32, Arrangement.OUT_FIRST);
        var tensor = new TensorInfo("t", FileType.F32, List.of(0L, (1L << 31) - 64), layout, 4096, 0);
        var entry = new PackedIndex.PackedTensor(tensor, FileType.F32, Hash.of(MemorySegment.ofArray(new byte[0])));
        var index = new PackedIndex(new LinkedHashMap<>(), List.of(), List.of(), List.of(entry));
        long before = nativeMemory();
        try (var file = open(bytes(index))) {
            assertThat(file.f32("t")).isEmpty();
        }
        assertThat(nativeMemory() - before).isLessThan(1 << 30);
    }

    /** The most that this process has ever held, in bytes, as Linux counts; 0 elsewhere. */
    private static long nativeMemory() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void aNewerVersionSaysWhatToDo() throws IOException {
        byte[] newer = whole.clone();
        newer[8] = 2;
        assertThatThrownBy(() -> open(newer))
                .hasMessageContaining("want a packed file of version 1, got 2; import the model again");
    }
}
