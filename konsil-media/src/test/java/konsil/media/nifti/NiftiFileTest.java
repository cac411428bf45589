package konsil.media.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import konsil.media.BadMediaException;
import konsil.media.Geometry;
import konsil.media.Vector3;
import konsil.media.Volume;
import konsil.media.Volume.Unit;
import konsil.media.Volumes;
import konsil.media.Voxels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NiftiFileTest {
    private static final NiftiSettings FIRST = NiftiSettings.first(Unit.SIGNAL);

    @TempDir
    Path folder;

    private static Volume decode(byte[] bytes) {
        return NiftiFile.decode("made.nii", bytes, FIRST);
    }

    /** Writes a number at an index of the voxels, as the type has it. */
    private static void put(NiftiBytes file, NiftiType type, int index, long number) {
        int at = file.start + index * type.bytes;
        switch (type) {
            case UINT8, INT8 -> file.data.put(at, (byte) number);
            case INT16, UINT16 -> file.data.putShort(at, (short) number);
            case INT32, UINT32 -> file.data.putInt(at, (int) number);
            case INT64, UINT64 -> file.data.putLong(at, number);
            case FLOAT32 -> file.data.putFloat(at, number + 0.25f);
            default -> file.data.putDouble(at, number + 0.25);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsEveryTypeInBothVersionsAndOrders(NiftiType type) {
        for (boolean second : new boolean[] {false, true}) {
            for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
                var file =
                        new NiftiBytes(second, order, type, 2, 3, 2).scale(0, 2).scale(1, -10);
                switch (type.kind) {
                    case REFUSED ->
                        assertThatThrownBy(() -> decode(file.bytes()))
                                .isInstanceOf(BadMediaException.class)
                                .hasMessageContaining(type + " is not read");
                    case COLOUR ->
                        assertThatThrownBy(() -> decode(file.bytes())).hasMessageContaining("are colours");
                    default -> requireNumbers(type, file);
                }
            }
        }
    }

    private static void requireNumbers(NiftiType type, NiftiBytes file) {
        put(file, type, 0, 7);
        put(file, type, 11, -2);
        Volume volume = decode(file.bytes());
        double more = type == NiftiType.FLOAT32 || type == NiftiType.FLOAT64 ? 0.25 : 0;
        double last =
                switch (type) {
                    case UINT8 -> 254;
                    case UINT16 -> 65534;
                    case UINT32 -> 4294967294.0;
                    case UINT64 -> 0x1p64;
                    default -> -2;
                };
        assertThat(volume.value(0, 0, 0)).isEqualTo((float) ((7 + more) * 2 - 10));
        assertThat(volume.value(1, 2, 1)).isEqualTo((float) ((last + more) * 2 - 10));
        assertThat(volume.voxels() instanceof Voxels.Shorts).isEqualTo(type.kind == NiftiType.Kind.SHORT);
        assertThat(decode(NiftiBytes.packed(file.bytes()))).isEqualTo(volume);
    }

    @Test
    void takesTheMatrixThenTheQuaternionThenTheSpacing() {
        var file = new NiftiBytes(false, ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 4, 3, 2);
        file.pixdim(1, 2).pixdim(2, 3).pixdim(3, 4);
        requireAffine(file, -2, 0, 0, 3, 0, 3, 0, -3, 0, 0, 4, -2);
        // A quarter turn around the head's axis, and slices towards the feet.
        file.quatern(2, Math.sqrt(0.5))
                .quatern(3, 10)
                .quatern(4, 20)
                .quatern(5, 30)
                .pixdim(0, -1);
        requireAffine(file, 0, -3, 0, 10, 2, 0, 0, 20, 0, 0, -4, 30);
        double[] matrix = {1, 0.1, 0, 5, 0, 1.5, 0, 6, 0, 0, -7, 8};
        for (int i = 0; i < 12; i++) {
            file.srow(i, matrix[i]);
        }
        requireAffine(file, matrix);
        file.code(1, 0).quatern(0, 1.00001).quatern(2, 0);
        requireAffine(file, 2, 0, 0, 10, 0, -3, 0, 20, 0, 0, 4, 30);
    }

    private static void requireAffine(NiftiBytes file, double... want) {
        double[] got = decode(file.bytes()).geometry().rasAffine();
        for (int i = 0; i < 12; i++) {
            assertThat(got[i]).as("number %d of %s", i, Arrays.toString(got)).isCloseTo(want[i], within(1e-4));
        }
    }

    @Test
    void leavesStoredNumbersAloneWithoutASlope() {
        for (double slope : new double[] {0, Double.NaN, Double.POSITIVE_INFINITY}) {
            var file = new NiftiBytes(false, ByteOrder.BIG_ENDIAN, NiftiType.INT16, 1, 1, 1).scale(0, slope);
            file.scale(1, 100).data.putShort(352, (short) -5);
            assertThat(decode(file.bytes()).value(0, 0, 0)).isEqualTo(-5);
        }
        var file = new NiftiBytes(true, ByteOrder.LITTLE_ENDIAN, NiftiType.INT16, 1)
                .scale(0, 1)
                .scale(1, Double.NaN);
        assertThatThrownBy(() -> decode(file.bytes())).hasMessageContaining("scl_inter is no number");
    }

    @Test
    void readsTheVolumeThatIsAskedFor() {
        var file = new NiftiBytes(false, ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2, 1, 1, 3);
        file.data.put(352, new byte[] {1, 2, 3, 4, 5, 6});
        byte[] bytes = file.bytes();
        Volume last = NiftiFile.decode("made", bytes, new NiftiSettings(2, Unit.HOUNSFIELD, 10));
        assertThat(last.slice(0)).containsExactly(5, 6);
        assertThat(last.unit()).isEqualTo(Unit.HOUNSFIELD);
        assertThatThrownBy(() -> NiftiFile.decode("made", bytes, new NiftiSettings(3, Unit.SIGNAL, 10)))
                .hasMessage("made: it holds 3 volumes, want a number from 0 to 2, got 3");
        var five = new NiftiBytes(false, ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2, 1, 1, 1, 3);
        assertThatThrownBy(() -> decode(five.bytes())).hasMessageContaining("3 values a voxel (dimension 5)");
    }

    @Test
    void readsPairsByEitherName() throws IOException {
        var file = new NiftiBytes(false, ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2, 1, 1).offset(3);
        file.data.put(344, new byte[] {'n', 'i', '1', 0});
        Path header = folder.resolve("a.hdr");
        Files.write(header, Arrays.copyOf(file.bytes(), 348));
        assertThatThrownBy(() -> NiftiFile.read(header, FIRST)).hasMessageContaining("(.img), which is not there");
        Files.write(folder.resolve("a.img.gz"), NiftiBytes.packed(new byte[] {0, 0, 0, 8, 9}));
        assertThat(NiftiFile.read(header, FIRST).slice(0)).containsExactly(8, 9);
        assertThat(NiftiFile.read(folder.resolve("a.img.gz"), FIRST).slice(0)).containsExactly(8, 9);
        assertThat(NiftiFile.volumes(header)).isEqualTo(1);
    }

    @Test
    void readsColoursAsRasters() throws IOException {
        for (NiftiType type : new NiftiType[] {NiftiType.RGB24, NiftiType.RGBA32}) {
            var file = new NiftiBytes(false, ByteOrder.LITTLE_ENDIAN, type, 2, 1, 2);
            for (int i = 0; i < 4 * type.bytes; i++) {
                file.data.put(352 + i, (byte) (i / type.bytes * 10 + i % type.bytes));
            }
            Path path = folder.resolve(type + ".nii");
            Files.write(path, file.bytes());
            var slices = NiftiFile.readColours(path, FIRST);
            assertThat(slices).hasSize(2);
            assertThat(slices.get(1).samples()).containsExactly(20, 21, 22, 30, 31, 32);
        }
        Path grey = folder.resolve("grey.nii");
        Files.write(grey, new NiftiBytes(false, ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2).bytes());
        assertThatThrownBy(() -> NiftiFile.readColours(grey, FIRST)).hasMessageContaining("no colours");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void readsWhatItWrote(long seed) throws IOException {
        Volume volume = seed % 2 == 0 ? Volumes.noise(5, 4, 3, seed) : Volumes.numbered(5, 4, 3, turned(seed));
        Path path = folder.resolve("out.nii.gz");
        NiftiWriter.write(path, volume);
        Volume back = NiftiFile.read(path, FIRST);
        assertThat(back.voxels()).isEqualTo(volume.voxels());
        requireGeometry(back, volume, 1e-4);
        // And by the quaternion alone.
        byte[] bytes = unpacked(path);
        bytes[254] = 0;
        requireGeometry(NiftiFile.decode("q", bytes, FIRST), volume, 1e-3); // near a half turn f32 is no better
    }

    /** Half turns and mirrors, where the quaternion has its corners. */
    private static Geometry turned(long seed) {
        var g = Volumes.oblique(seed);
        return switch ((int) seed) {
            case 1 ->
                new Geometry(
                        g.origin(), g.rowStep(), g.sliceStep(), g.columnStep().times(-1));
            case 3 -> new Geometry(g.origin(), g.columnStep().times(-1), g.rowStep(), g.sliceStep());
            case 5 -> Geometry.upright(1, 2, 3);
            default -> new Geometry(g.origin(), g.sliceStep(), g.rowStep().times(-1), g.columnStep());
        };
    }

    private static byte[] unpacked(Path path) throws IOException {
        try (var in = new java.util.zip.GZIPInputStream(Files.newInputStream(path))) {
            return in.readAllBytes();
        }
    }

    private static void requireGeometry(Volume got, Volume want, double tolerance) {
        for (int i = 0; i < 12; i++) {
            assertThat(got.geometry().rasAffine()[i]).isCloseTo(want.geometry().rasAffine()[i], within(tolerance));
        }
    }

    @Test
    void writesShearedAxesAndRoundedRescales() throws IOException {
        var sheared =
                new Geometry(new Vector3(0, 0, 0), new Vector3(1, 0, 0), new Vector3(0, 1, 0), new Vector3(0, 0.5, 2));
        var voxels = new Voxels.Shorts(new short[] {1, -2}, false, 0.1, 0);
        Path path = folder.resolve("out.nii.gz");
        NiftiWriter.write(path, new Volume(2, 1, 1, sheared, Unit.SIGNAL, voxels));
        Volume back = NiftiFile.read(path, FIRST);
        assertThat(back.geometry()).isEqualTo(sheared);
        // 0.1 is no float: written as values instead.
        assertThat(back.voxels()).isEqualTo(new Voxels.Floats(new float[] {0.1f, -0.2f}));
        assertThat(unpacked(path)[252]).isZero();
    }
}
