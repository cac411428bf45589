package konsil.media.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import konsil.media.BadMediaException;
import konsil.media.codec.GoldenFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored values, however pixels are packed. */
class PixelDataTest {
    private static final String EXPLICIT = "1.2.840.10008.1.2.1";
    private static final String BIG = "1.2.840.10008.1.2.2";
    private static final String RLE = "1.2.840.10008.1.2.5";
    private static final String JPEG = "1.2.840.10008.1.2.4.50";

    private static DicomWriter grey(int rows, int columns, int allocated, int stored) {
        return DicomWriter.explicitLittle()
                .image(rows, columns, 1, new int[] {allocated, stored}, false, "MONOCHROME2");
    }

    private static int[] values(StoredFrame frame) {
        int[] values = new int[frame.samples().size()];
        Arrays.setAll(values, frame::value);
        return values;
    }

    @Test
    void leavesOutBitsAboveAndBelow() {
        var w = grey(1, 4, 16, 10)
                .bytes(Tag.PIXEL_DATA, "OW", DicomWriter.explicitLittle().words(0x03FF, 0xFC00, 0x8001, 0x0200));
        StoredFrame frame = w.open(EXPLICIT).pixels().frame(0);
        assertThat(values(frame)).containsExactly(1023, 0, 1, 512);
        assertThat(frame.samples().bits(1)).isEqualTo(0xFC00);
    }

    @Test
    void readsValuesInTheUpperBits() {
        var w = DicomWriter.explicitLittle().us(Tag.ROWS, 1).us(Tag.COLUMNS, 2).us(Tag.BITS_ALLOCATED, 16);
        w.us(Tag.BITS_STORED, 12).us(Tag.HIGH_BIT, 15).us(Tag.PIXEL_REPRESENTATION, 1);
        w.bytes(Tag.PIXEL_DATA, "OW", w.words(0xFFF7, 0x7FF0));
        assertThat(values(w.open(EXPLICIT).pixels().frame(0))).containsExactly(-1, 2047);
    }

    @Test
    void readsFramesOfBitsThatShareBytes() {
        var w = DicomWriter.explicitLittle()
                .text(Tag.NUMBER_OF_FRAMES, "IS", "3")
                .image(1, 3, 1, new int[] {1, 1}, false, "MONOCHROME2");
        PixelData pixels = w.bytes(Tag.PIXEL_DATA, "OB", new byte[] {(byte) 0b10_101_011, 1})
                .open(EXPLICIT)
                .pixels();
        assertThat(pixels.frames()).isEqualTo(3);
        assertThat(values(pixels.frame(0))).containsExactly(1, 1, 0);
        assertThat(values(pixels.frame(1))).containsExactly(1, 0, 1);
        assertThat(values(pixels.frame(2))).containsExactly(0, 1, 1);
    }

    @Test
    void readsTwelveBitsWithoutGaps() {
        byte[] packed = {(byte) 0xBC, 0x3A, 0x12, (byte) 0xFF, 0x0F};
        var w = DicomWriter.explicitLittle().image(1, 3, 1, new int[] {12, 12}, false, "MONOCHROME2");
        assertThat(values(w.bytes(Tag.PIXEL_DATA, "OW", packed)
                        .open(EXPLICIT)
                        .pixels()
                        .frame(0)))
                .containsExactly(0xABC, 0x123, 0xFFF);
    }

    @Test
    void swapsPairsOfBytesInBigEndianWords() {
        var w = new DicomWriter(true, true)
                .text(Tag.NUMBER_OF_FRAMES, "IS", "2")
                .image(1, 3, 1, new int[] {8, 8}, false, "MONOCHROME2");
        PixelData pixels = w.bytes(Tag.PIXEL_DATA, "OW", new byte[] {2, 1, 4, 3, 6, 5})
                .open(BIG)
                .pixels();
        assertThat(values(pixels.frame(0))).containsExactly(1, 2, 3);
        assertThat(values(pixels.frame(1))).containsExactly(4, 5, 6);
    }

    @Test
    void weavesPlanes() {
        var w = DicomWriter.explicitLittle()
                .image(1, 2, 3, new int[] {8, 8}, false, "RGB")
                .us(Tag.PLANAR_CONFIGURATION, 1);
        w.bytes(Tag.PIXEL_DATA, "OB", new byte[] {1, 2, 3, 4, 5, 6});
        StoredFrame frame = w.open(EXPLICIT).pixels().frame(0);
        assertThat(values(frame)).containsExactly(1, 3, 5, 2, 4, 6);
        assertThat(frame.layout().planar()).isFalse();
    }

    @Test
    void spreadsHalvedColours() {
        var w = DicomWriter.explicitLittle().image(1, 3, 3, new int[] {8, 8}, false, "YBR_FULL_422");
        w.bytes(Tag.PIXEL_DATA, "OB", new byte[] {10, 20, 1, 2, 30, 0, 3, 4});
        StoredFrame frame = w.open(EXPLICIT).pixels().frame(0);
        assertThat(values(frame)).containsExactly(10, 1, 2, 20, 1, 2, 30, 3, 4);
        assertThat(frame.layout().photometric()).isEqualTo("YBR_FULL");
    }

    @Test
    void readsFloatingPoint() {
        var floats = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(-2);
        var w = grey(1, 2, 32, 32).bytes(Tag.FLOAT_PIXEL_DATA, "OF", floats.array());
        assertThat(w.open(EXPLICIT).pixels().frame(0).number(1)).isEqualTo(-2);
        var doubles = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0.1);
        var d = grey(1, 1, 64, 64).bytes(Tag.DOUBLE_FLOAT_PIXEL_DATA, "OD", doubles.array());
        assertThat(d.open(EXPLICIT).pixels().frame(0).number(0)).isEqualTo(0.1);
        var ints = grey(1, 1, 32, 32).bytes(Tag.PIXEL_DATA, "OW", new byte[] {-1, -1, -1, -1});
        assertThat(ints.open(EXPLICIT).pixels().frame(0).number(0)).isEqualTo(4294967295.0);
    }

    @Test
    void saysWhatIsMissing() {
        var cut = grey(2, 2, 16, 16).bytes(Tag.PIXEL_DATA, "OW", new byte[6]).open(EXPLICIT);
        assertThatThrownBy(() -> cut.pixels().frame(0))
                .isInstanceOf(BadMediaException.class)
                .hasMessage(
                        "x: (7FE0,0010) PixelData has 6 bytes, frame 1 needs 8: the file is cut off or describes its"
                                + " pixels wrongly");
        var none = DicomWriter.explicitLittle().text(Tag.MODALITY, "CS", "SR").open(EXPLICIT);
        assertThat(none.hasPixels()).isFalse();
        assertThat(none.frames()).isEmpty();
        assertThatThrownBy(none::pixels).hasMessageContaining("(7FE0,0010) PixelData is missing");
        var wide = DicomWriter.explicitLittle()
                .us(Tag.ROWS, 65535)
                .us(Tag.COLUMNS, 65535)
                .us(Tag.BITS_ALLOCATED, 16);
        var file = wide.bytes(Tag.PIXEL_DATA, "OW", new byte[2]).open(EXPLICIT);
        assertThatThrownBy(file::pixels).hasMessageContaining("the limit is 268435456 samples");
    }

    @Test
    void namesTheSyntaxThatIsNotRead() {
        var w = grey(1, 1, 8, 8)
                .fragments(new int[0], List.of(new byte[] {0, 0, 0, 24, 'f', 't', 'y', 'p', 0, 0, 0, 0}));
        DicomFile video = w.open("1.2.840.10008.1.2.4.102");
        assertThatThrownBy(() -> video.pixels().frame(0))
                .hasMessage("x: transfer syntax 1.2.840.10008.1.2.4.102 is not read; have it converted to explicit VR"
                        + " little endian");
    }

    /** Three bytes, one of each segment a literal run, one repeated. */
    private static byte[] runs(int... bytes) {
        var out = ByteBuffer.allocate(64 + 2 * bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            out.putInt(4 + 4 * i, 64 + 2 * i);
            out.put(64 + 2 * i, (byte) -1).put(65 + 2 * i, (byte) bytes[i]);
        }
        return out.array();
    }

    @Test
    void readsRunLengthsOfWideSamples() {
        var w = grey(1, 2, 16, 16).fragments(new int[0], List.of(runs(0x12, 0x34)));
        assertThat(values(w.open(RLE).pixels().frame(0))).containsExactly(0x1234, 0x1234);
        var colour = DicomWriter.explicitLittle()
                .image(1, 2, 3, new int[] {8, 8}, false, "RGB")
                .us(Tag.PLANAR_CONFIGURATION, 1);
        assertThat(values(colour.fragments(new int[0], List.of(runs(1, 2, 3)))
                        .open(RLE)
                        .pixels()
                        .frame(0)))
                .containsExactly(1, 2, 3, 1, 2, 3);
        var wrong = grey(1, 2, 16, 16).fragments(new int[0], List.of(runs(1))).open(RLE);
        assertThatThrownBy(() -> wrong.pixels().frame(0)).hasMessage("x: has 1 RLE segments, want 2");
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "right", "wrong", "extended"})
    void findsFramesInFragments(String table) {
        byte[] first = GoldenFiles.read("baseline.jpg");
        byte[] second = GoldenFiles.read("progressive.jpg");
        int half = first.length / 4 * 2;
        int secondAt = 8 + half + 8 + first.length - half + first.length % 2;
        int[] offsets =
                switch (table) {
                    case "right" -> new int[] {0, secondAt};
                    case "wrong" -> new int[] {0, 12};
                    default -> new int[0];
                };
        var w = DicomWriter.explicitLittle()
                .text(Tag.NUMBER_OF_FRAMES, "IS", "2")
                .image(47, 61, 1, new int[] {8, 8}, false, "MONOCHROME2");
        if (table.equals("extended")) {
            var eight = ByteBuffer.allocate(16)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(0)
                    .putLong(secondAt);
            w.bytes(Tag.EXTENDED_OFFSET_TABLE, "OV", eight.array());
        }
        w.fragments(offsets, List.of(part(first, 0, half), part(first, half, first.length), second));
        DicomFile file = w.open(JPEG);
        PixelData pixels = file.pixels();
        assertThat(pixels.frames()).isEqualTo(2);
        assertThat(pixels.frame(0).samples().size()).isEqualTo(47 * 61);
        assertThat(values(pixels.frame(1))).isNotEqualTo(values(pixels.frame(0)));
        assertThat(file.warnings()).hasSize(table.equals("wrong") ? 1 : 0);
    }

    @Test
    void countsTheFramesThatAreThere() {
        byte[] one = GoldenFiles.read("baseline.jpg");
        var w = DicomWriter.explicitLittle()
                .text(Tag.NUMBER_OF_FRAMES, "IS", "5")
                .image(47, 61, 1, new int[] {8, 8}, false, "MONOCHROME2");
        DicomFile file = w.fragments(new int[0], List.of(one, one)).open(JPEG);
        assertThat(file.pixels().frames()).isEqualTo(2);
        assertThat(file.warnings())
                .containsExactly("(7FE0,0010) PixelData: there are fragments for 2 frames, 5 are declared");
        assertThatThrownBy(() -> file.pixels().frame(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "baseline.jpg,8,1.2.840.10008.1.2.4.50",
        "extended-12.jpg,12,1.2.840.10008.1.2.4.51",
        "lossless-6.jpg,12,1.2.840.10008.1.2.4.57",
        "cooked-12.jls,12,1.2.840.10008.1.2.4.80",
        "near-9.jls,8,1.2.840.10008.1.2.4.81",
        "plain.j2k,12,1.2.840.10008.1.2.4.90",
        "boxes.jp2,8,1.2.840.10008.1.2.4.90",
        "real.j2k,12,1.2.840.10008.1.2.4.91",
    })
    void readsEveryCodec(String name, int bits, String uid) {
        byte[] stream = GoldenFiles.read(name);
        DicomFile file = grey(47, 61, bits <= 8 ? 8 : 16, bits)
                .fragments(new int[0], List.of(stream))
                .open(uid);
        assertThat(values(file.pixels().frame(0))).isEqualTo(GoldenFiles.samples(name));
        assertThat(file.warnings()).isEmpty();
        DicomFile other = grey(47, 61, bits <= 8 ? 8 : 16, bits)
                .fragments(new int[0], List.of(stream))
                .open(RLE);
        assertThat(values(other.pixels().frame(0))).isEqualTo(GoldenFiles.samples(name));
        assertThat(other.warnings()).hasSize(1);
    }

    @Test
    void refusesAStreamOfAnotherSize() {
        byte[] stream = GoldenFiles.read("plain.j2k");
        DicomFile file =
                grey(47, 62, 16, 12).fragments(new int[0], List.of(stream)).open("1.2.840.10008.1.2.4.90");
        assertThatThrownBy(() -> file.pixels().frame(0))
                .hasMessage("x: the compressed picture is 61 x 47 with 1 components, the file says 62 x 47 with 1");
    }

    @Test
    void addsTheSignThatACodeStreamDoesNotHave() {
        byte[] stream = GoldenFiles.read("plain.j2k");
        var w = DicomWriter.explicitLittle().image(47, 61, 1, new int[] {16, 12}, true, "MONOCHROME2");
        StoredFrame frame = w.fragments(new int[0], List.of(stream))
                .open("1.2.840.10008.1.2.4.90")
                .pixels()
                .frame(0);
        int[] plain = GoldenFiles.samples("plain.j2k");
        assertThat(values(frame))
                .isEqualTo(Arrays.stream(plain).map(v -> v << 20 >> 20).toArray());
    }

    @Test
    void keepsWhatLossyStreamsOvershoot() {
        int[] plain = GoldenFiles.samples("16bit.j2k");
        var stream = List.of(GoldenFiles.read("16bit.j2k"));
        StoredFrame lossy = grey(47, 61, 16, 12)
                .fragments(new int[0], stream)
                .open("1.2.840.10008.1.2.4.91")
                .pixels()
                .frame(0);
        assertThat(values(lossy)).isEqualTo(plain);
        StoredFrame lossless = grey(47, 61, 16, 12)
                .fragments(new int[0], stream)
                .open("1.2.840.10008.1.2.4.90")
                .pixels()
                .frame(0);
        assertThat(values(lossless))
                .isEqualTo(Arrays.stream(plain).map(v -> v & 0xFFF).toArray());
    }
}
