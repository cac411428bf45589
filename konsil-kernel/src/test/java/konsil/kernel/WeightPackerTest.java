package konsil.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class WeightPackerTest {
    private static final int GOLDEN_ROWS = 8;
    private static final int GOLDEN_COLUMNS = 128;
    private static final int GOLDEN_BLOCKS = GOLDEN_ROWS * GOLDEN_COLUMNS / 32;

    private final NativeMemory memory = new NativeMemory();
    private final Workers workers = new Workers(2);
    private final WeightPacker packer = new WeightPacker(workers);

    @AfterEach
    void close() {
        workers.close();
        memory.close();
    }

    /** The golden file holds 8 x 128 floats and what the Python package gguf 0.19.0 made of them, Q8_0 then Q4_0. */
    @ParameterizedTest
    @CsvSource({"Q8_0, 34, 4096", "Q4_0, 18, 5184"})
    void quantisesAsGgufDoes(WeightFormat format, int blockBytes, int offset) throws IOException {
        var golden = golden();
        var rows = Rows.of(golden, GOLDEN_ROWS, GOLDEN_COLUMNS);
        var blocks = golden.asSlice(offset, (long) GOLDEN_BLOCKS * blockBytes);
        var fromFloats = weights(format, GOLDEN_ROWS, GOLDEN_COLUMNS);
        var fromBlocks = weights(format, GOLDEN_ROWS, GOLDEN_COLUMNS);

        packer.pack(rows, fromFloats, 0);
        packer.packBlocks(blocks, fromBlocks, 0, GOLDEN_ROWS);

        assertThat(fromFloats.data().mismatch(fromBlocks.data())).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"Q8_0, 34", "Q4_0, 18"})
    void unpacksBlocksToTheValuesTheyStandFor(WeightFormat format, int blockBytes) {
        int out = 19;
        int in = 96;
        var random = new Random(1);
        var blocks = memory.allocate((long) out * in / 32 * blockBytes);
        for (long i = 0; i < blocks.byteSize(); i++) {
            blocks.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(256));
        }
        for (long i = 0; i < blocks.byteSize(); i += blockBytes) {
            blocks.set(ValueLayout.JAVA_SHORT_UNALIGNED, i, Float.floatToFloat16(random.nextFloat()));
        }
        var packed = weights(format, out, in);
        packer.packBlocks(blocks, packed, 0, out);

        var unpacked = unpack(packed);

        for (int r = 0; r < out; r++) {
            for (int c = 0; c < in; c++) {
                long block = (long) (r * in + c) / 32 * blockBytes;
                float d = Float.float16ToFloat(blocks.get(ValueLayout.JAVA_SHORT_UNALIGNED, block));
                int quant = format == WeightFormat.Q8_0
                        ? blocks.get(ValueLayout.JAVA_BYTE, block + 2 + c % 32)
                        : (blocks.get(ValueLayout.JAVA_BYTE, block + 2 + c % 16) >> (c % 32 < 16 ? 0 : 4) & 15) - 8;
                assertThat(unpacked.get(r, c)).isEqualTo(d * quant);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void whatIsPackedInPartsIsTheSameAsWhatIsPackedAtOnce(WeightFormat format) {
        int out = 75;
        int in = 100;
        var rows = random(out, in, 2);
        var whole = weights(format, out, in);
        var parts = weights(format, out, in);
        parts.data().fill((byte) 0x55);

        packer.pack(rows, whole, 0);
        for (int first = 0; first < out; first += 23) {
            packer.pack(rows.slice(first, Math.min(23, out - first)), parts, first);
        }

        assertThat(parts.data().mismatch(whole.data())).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"F32, 0", "BF16, 0.00391", "Q8_0, 0.0045", "Q4_0, 0.126"})
    void unpacksWhatItPackedUpToTheFormatsRounding(WeightFormat format, float ofLargest) {
        var sizes = new int[][] {{1, 1}, {7, 31}, {16, 64}, {33, 65}, {40, 129}};
        for (var size : sizes) {
            var rows = random(size[0], size[1], 3);
            var packed = weights(format, size[0], size[1]);
            packer.pack(rows, packed, 0);
            var back = unpack(packed);
            for (int r = 0; r < size[0]; r++) {
                for (int c = 0; c < size[1]; c++) {
                    // |x| < 1, half a step of 1/127 or one of 1/8 (Q4_0 cuts +max off), f16 scale included
                    assertThat(back.get(r, c)).isCloseTo(rows.get(r, c), within(ofLargest));
                }
            }
        }
    }

    @Test
    void padsWithTheValueZeroAndScaleZero() {
        var q8 = weights(WeightFormat.Q8_0, 1, 1);
        var q4 = weights(WeightFormat.Q4_0, 1, 1);
        var one = Rows.vector(memory.allocate(4), 1);
        one.set(0, 0, 1);
        q8.data().fill((byte) 1);
        q4.data().fill((byte) 1);

        packer.pack(one, q8, 0);
        packer.pack(one, q4, 0);

        var bytes8 = bytes(q8.data());
        assertThat(Byte.toUnsignedInt(bytes8[0])).isEqualTo(255);
        assertThat(Arrays.copyOfRange(bytes8, 1, 1024)).containsOnly(128);
        assertThat(Arrays.copyOfRange(bytes8, 1026, 1088)).containsOnly(0);
        var bytes4 = bytes(q4.data());
        assertThat(Byte.toUnsignedInt(bytes4[0])).isEqualTo(0x80); // 1 / -0.125 + 8 = 0 below, column 16 above
        assertThat(Arrays.copyOfRange(bytes4, 1, 512)).containsOnly(0x88);
        assertThat(Arrays.copyOfRange(bytes4, 514, 576)).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = WeightFormat.class,
            names = {"Q8_0", "Q4_0"})
    void aBlockWithNanBecomesNan(WeightFormat format) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            var rows = random(1, 64, 4);
            rows.set(0, 40, bad);
            var packed = weights(format, 1, 64);
            packer.pack(rows, packed, 0);
            var back = unpack(packed);
            assertThat(Float.isFinite(back.get(0, 31))).isTrue();
            assertThat(Float.isFinite(back.get(0, 40))).isFalse();
        }
    }

    @Test
    void tinyAndHugeBlocksKeepFiniteQuants() {
        var rows = random(1, 32, 5);
        for (int c = 0; c < 32; c++) {
            rows.set(0, c, rows.get(0, c) * Float.MIN_NORMAL);
        }
        var packed = weights(WeightFormat.Q8_0, 1, 32);
        packer.pack(rows, packed, 0);
        assertThat(unpack(packed).get(0, 3)).isZero();
    }

    @Test
    void bf16RoundsToNearestEvenAndKeepsNan() {
        assertThat(Bf16.round(1 + 0x1p-8f)).isEqualTo(1f);
        assertThat(Bf16.round(1 + 0x3p-8f)).isEqualTo(1 + 0x1p-6f);
        assertThat(Bf16.round(1 + 0x1.02p-8f)).isEqualTo(1 + 0x1p-7f);
        assertThat(Bf16.round(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(Bf16.round(Float.intBitsToFloat(0x7f800001))).isNaN();
        assertThat(Bf16.round(Float.intBitsToFloat(0xffffffff))).isNaN();
        assertThat(Bf16.round(-0f)).isEqualTo(-0f);
    }

    @Test
    void wrongSizesAreRefused() {
        var packed = weights(WeightFormat.Q8_0, 32, 64);
        assertThatThrownBy(() -> packer.pack(random(1, 63, 6), packed, 0)).isInstanceOf(SizeException.class);
        assertThatThrownBy(() -> packer.pack(random(1, 64, 6), packed, 32)).isInstanceOf(SizeException.class);
        assertThatThrownBy(() -> packer.pack(random(1, 64, 6), packed, -1)).isInstanceOf(SizeException.class);
        var blocks = memory.allocate(2 * 68);
        assertThatThrownBy(() -> packer.packBlocks(blocks, packed, 0, 3)).isInstanceOf(SizeException.class);
        assertThatThrownBy(() -> packer.packBlocks(blocks, packed, 31, 2)).isInstanceOf(SizeException.class);
        var floats = weights(WeightFormat.F32, 32, 64);
        assertThatThrownBy(() -> packer.packBlocks(blocks, floats, 0, 2)).isInstanceOf(SizeException.class);
        assertThatThrownBy(() -> WeightPacker.unpackRow(packed, 32, random(1, 64, 6), 0))
                .isInstanceOf(SizeException.class);
        assertThatThrownBy(() -> WeightPacker.unpackRow(packed, 0, random(1, 65, 6), 0))
                .isInstanceOf(SizeException.class);
    }

    private static org.assertj.core.data.Offset<Float> within(float offset) {
        return org.assertj.core.data.Offset.offset(offset);
    }

    private MemorySegment golden() throws IOException {
        try (var stream = WeightPackerTest.class.getResourceAsStream("gguf-reference.bin")) {
            var bytes = stream.readAllBytes();
            var copy = memory.allocate(bytes.length);
            MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
            return copy;
        }
    }

    private PackedWeights weights(WeightFormat format, int out, int in) {
        return new PackedWeights(format, out, in, memory.allocate(format.bytes(out, in)));
    }

    private Rows random(int rows, int cols, long seed) {
        var random = new Random(seed);
        var matrix = memory.rows(rows, cols);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                matrix.set(r, c, random.nextFloat() * 2 - 1);
            }
        }
        return matrix;
    }

    private Rows unpack(PackedWeights packed) {
        var rows = memory.rows(packed.out(), packed.in());
        for (int r = 0; r < packed.out(); r++) {
            WeightPacker.unpackRow(packed, r, rows, r);
        }
        return rows;
    }

    private static byte[] bytes(MemorySegment segment) {
        return segment.toArray(ValueLayout.JAVA_BYTE);
    }

    /** Row 16 is the first of the second group, column 2570 lies in the second slab, which is one superblock wide. */
    @Test
    void wideMatricesAreCutIntoSlabs() {
        try (var matrices = new Matrices()) {
            var source = matrices.filled(17, 2600, 0);
            source.set(16, 2570, 1);
            checkSecondSlab(matrices.packed(WeightFormat.Q8_0, source));
        }
    }

    private static void checkSecondSlab(PackedWeights packed) {
        long secondSlab = 2 * 40 * 1088;
        long superblock = secondSlab + 1088;
        int column = 2570 - 2560;
        assertThat(packed.data().get(ValueLayout.JAVA_BYTE, superblock + column / 4 * 64 + column % 4) & 0xff)
                .isEqualTo(128 + 127);
        assertThat(packed.data().get(ValueLayout.JAVA_SHORT, superblock + 1024))
                .isEqualTo(Float.floatToFloat16(1 / 127f));
    }
}
