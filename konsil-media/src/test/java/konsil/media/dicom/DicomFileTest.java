package konsil.media.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import konsil.media.BadMediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same elements, however they are written. */
class DicomFileTest {
    private static final String IMPLICIT = "1.2.840.10008.1.2";
    private static final String EXPLICIT = "1.2.840.10008.1.2.1";
    private static final String BIG = "1.2.840.10008.1.2.2";
    private static final String DEFLATED = "1.2.840.10008.1.2.1.99";
    private static final int STATION = 0x00081010;
    private static final int PRIVATE = 0x00091001;

    static DicomWriter sample(boolean explicit, boolean big, boolean undefined) {
        var w = new DicomWriter(explicit, big);
        var deep = w.again().text(Tag.STACK_ID, "SH", "deep");
        var inner = w.again().sequence(Tag.FRAME_CONTENT_SEQUENCE, undefined, deep, w.again());
        return w.text(Tag.SPECIFIC_CHARACTER_SET, "CS", "ISO_IR 100")
                .text(Tag.IMAGE_TYPE, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
                .text(Tag.MODALITY, "CS", "CT")
                .text(0x00090010, "LO", "KONSIL TEST")
                .bytes(PRIVATE, "UN", new byte[] {1, 2, 3, 4})
                .text(Tag.PATIENT_NAME, "PN", "M\u00fcller^Eva")
                .text(Tag.SLICE_THICKNESS, "DS", " 1.25e0 ")
                .text(Tag.IMAGE_POSITION_PATIENT, "DS", "-1.5\\2\\+3.25")
                .image(2, 3, 1, new int[] {16, 12}, true, "MONOCHROME2")
                .bytes(Tag.PIXEL_PADDING_VALUE, "SS", w.words(-2000))
                .sequence(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, undefined, inner)
                .bytes(Tag.PIXEL_DATA, "OW", w.words(-2000, -1, 0, 1, 2, 2047));
    }

    private static void isTheSample(DicomFile file) {
        DataSet set = file.dataSet();
        assertThat(set.texts(Tag.IMAGE_TYPE)).containsExactly("ORIGINAL", "PRIMARY", "AXIAL");
        assertThat(set.text(Tag.PATIENT_NAME)).hasValue("M\u00fcller^Eva");
        assertThat(set.number(Tag.SLICE_THICKNESS)).hasValue(1.25);
        assertThat(set.numbers(Tag.IMAGE_POSITION_PATIENT)).containsExactly(-1.5, 2, 3.25);
        assertThat(set.integer(Tag.ROWS)).hasValue(2);
        assertThat(set.integer(Tag.PIXEL_PADDING_VALUE)).hasValue(-2000);
        assertThat(set.bytes(PRIVATE)).containsExactly(1, 2, 3, 4);
        DataSet shared = set.item(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE).orElseThrow();
        assertThat(shared.items(Tag.FRAME_CONTENT_SEQUENCE)).hasSize(2);
        assertThat(shared.item(Tag.FRAME_CONTENT_SEQUENCE).orElseThrow().text(Tag.STACK_ID))
                .hasValue("deep");
        StoredFrame frame = file.pixels().frame(0);
        int[] values = new int[6];
        Arrays.setAll(values, frame::value);
        assertThat(values).containsExactly(-2000, -1, 0, 1, 2, 2047);
        assertThat(set.text(Tag.STUDY_ID)).isEmpty();
        assertThat(set.numbers(Tag.STUDY_ID)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "false,false,false," + IMPLICIT,
        "false,false,true," + IMPLICIT,
        "true,false,false," + EXPLICIT,
        "true,false,true," + EXPLICIT,
        "true,true,false," + BIG,
        "true,true,true," + BIG,
        "true,false,true," + DEFLATED,
    })
    void readsEverySyntax(boolean explicit, boolean big, boolean undefined, String uid) {
        DicomFile file = sample(explicit, big, undefined).open(uid);
        isTheSample(file);
        assertThat(file.warnings()).isEmpty();
        assertThat(file.transferSyntax()).isEqualTo(uid);
    }

    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "true,true"})
    void readsADataSetWithoutHeader(boolean explicit, boolean big) {
        DicomFile file = DicomFile.of("x", sample(explicit, big, true).toBytes());
        isTheSample(file);
        assertThat(file.warnings()).containsExactly("has no meta header; the transfer syntax is taken from the bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "false,false," + EXPLICIT,
        "true,false," + IMPLICIT,
        "true,true," + EXPLICIT,
        "true,false," + BIG,
        "true,false,1.2.840.10008.1.2.4.70",
    })
    void readsWhatTheBytesAreWhenTheSyntaxIsWrong(boolean explicit, boolean big, String declared) {
        DicomFile file = sample(explicit, big, true).open(declared);
        isTheSample(file);
        assertThat(file.warnings()).hasSize(1).first().asString().contains("the transfer syntax says");
    }

    @Test
    void readsWithoutPreambleOrBehindJunkOrPacked() throws IOException {
        byte[] whole = sample(true, false, true).file(EXPLICIT);
        isTheSample(DicomFile.of("x", Arrays.copyOfRange(whole, 128, whole.length)));
        isTheSample(DicomFile.of("x", Arrays.copyOfRange(whole, 132, whole.length)));
        byte[] junk = new byte[whole.length];
        byte[] plain = sample(true, false, true).toBytes();
        System.arraycopy(plain, 0, junk, 1, plain.length);
        junk[0] = ' ';
        isTheSample(DicomFile.of("x", Arrays.copyOf(junk, plain.length + 1)));
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(whole);
        }
        isTheSample(DicomFile.of("x", packed.toByteArray()));
    }

    @Test
    void readsFromAFile(@TempDir Path folder) throws IOException {
        Path path =
                Files.write(folder.resolve("a.dcm"), sample(false, false, false).file(IMPLICIT));
        isTheSample(DicomFile.open(path));
        assertThat(DicomFile.open(path)).hasToString("DicomFile[a.dcm]");
    }

    @Test
    void readsSequencesOfUnknownVr() {
        var inside = new DicomWriter(false, false).text(Tag.STACK_ID, "SH", "deep");
        byte[] undefined =
                new DicomWriter(false, false).sequence(PRIVATE, true, inside).toBytes();
        var w = DicomWriter.explicitLittle().text(Tag.MODALITY, "CS", "MR").head(PRIVATE, "UN", -1);
        w.raw(Arrays.copyOfRange(undefined, 8, undefined.length));
        byte[] defined =
                new DicomWriter(false, false).sequence(PRIVATE, false, inside).toBytes();
        w.bytes(PRIVATE + 1, "UN", Arrays.copyOfRange(defined, 8, defined.length));
        w.text(Tag.STUDY_ID, "SH", "after");
        DataSet set = w.open(EXPLICIT).dataSet();
        assertThat(set.item(PRIVATE).orElseThrow().text(Tag.STACK_ID)).hasValue("deep");
        assertThat(set.item(PRIVATE + 1).orElseThrow().text(Tag.STACK_ID)).hasValue("deep");
        assertThat(set.text(Tag.STUDY_ID)).hasValue("after");
    }

    @Test
    void readsUnknownVrByTheStandard() {
        var w = DicomWriter.explicitLittle()
                .bytes(Tag.ROWS, "UN", new byte[] {5, 0})
                .bytes(Tag.SLICE_THICKNESS, "UN", "2.5 ".getBytes(StandardCharsets.US_ASCII));
        DataSet set = w.text(Tag.MODALITY, "CS", "CT").open(EXPLICIT).dataSet();
        assertThat(set.integer(Tag.ROWS)).hasValue(5);
        assertThat(set.number(Tag.SLICE_THICKNESS)).hasValue(2.5);
    }

    static Stream<Arguments> characterSets() {
        return Stream.of(
                set("", "59616d616461", "Yamada"),
                set("ISO_IR 144", "bbeedac1", "\u041b\u044e\u043a\u0421"),
                set("ISO_IR 192", "e78e8b5ee5b08fe69db1", "\u738b^\u5c0f\u6771"),
                set("GB18030", "cdf55ed0a1b6ab", "\u738b^\u5c0f\u4e1c"),
                set(
                        "ISO 2022 IR 6\\ISO 2022 IR 87",
                        "59616d6164615e5461726f753d1b2442" + "3b3345441b28425e1b24424240" + "4f3a1b2842",
                        "Yamada^Tarou=\u5c71\u7530^\u592a\u90ce"),
                set(
                        "ISO 2022 IR 13\\ISO 2022 IR 87",
                        "d4cfc0de5ec0dbb33d1b2442" + "3b3345441b284a5e1b24424240" + "4f3a1b284a",
                        "\uff94\uff8f\uff80\uff9e^\uff80\uff9b\uff73=\u5c71\u7530^\u592a\u90ce"),
                set("\\ISO 2022 IR 149", "486f6e673d1b242943fbf35e1b242943d1ce", "Hong=\u6d2a^\u5409"),
                set("\\ISO 2022 IR 58", "5a68616e673d1b242941d5c5", "Zhang=\u5f20"),
                set("ISO 2022 IR 100\\ISO 2022 IR 126", "c45e1b2d46c4", "\u00c4^\u0394"));
    }

    private static Arguments set(String name, String hex, String text) {
        return Arguments.of(name, hex, text);
    }

    @ParameterizedTest
    @MethodSource("characterSets")
    void decodesText(String name, String hex, String text) {
        var w = DicomWriter.explicitLittle().text(Tag.SPECIFIC_CHARACTER_SET, "CS", name);
        DataSet set = w.bytes(Tag.PATIENT_NAME, "PN", HexFormat.of().parseHex(hex))
                .open(EXPLICIT)
                .dataSet();
        assertThat(set.text(Tag.PATIENT_NAME)).hasValue(text);
    }

    @Test
    void takesItemsCharacterSetFromAround() {
        var w = DicomWriter.explicitLittle().text(Tag.SPECIFIC_CHARACTER_SET, "CS", "ISO_IR 144");
        byte[] name = "\u042f".getBytes(Charset.forName("ISO-8859-5"));
        var item = w.again().bytes(Tag.STACK_ID, "SH", name);
        DataSet set = w.sequence(Tag.FRAME_CONTENT_SEQUENCE, true, item)
                .open(EXPLICIT)
                .dataSet();
        assertThat(set.item(Tag.FRAME_CONTENT_SEQUENCE).orElseThrow().text(Tag.STACK_ID))
                .hasValue("\u042f");
    }

    @ParameterizedTest
    @CsvSource({"'1,5',1.5", "' 1 ',1", "'+1.e1',10", "'-.5',-0.5", "'1 2',12"})
    void readsDecimalsAsTheyAreWritten(String text, double value) {
        DataSet set = DicomWriter.explicitLittle()
                .text(Tag.SLICE_THICKNESS, "DS", text)
                .open(EXPLICIT)
                .dataSet();
        assertThat(set.numbers(Tag.SLICE_THICKNESS)).containsExactly(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wide", "NaN", "1-2", "0x10", "1e999", "Infinity"})
    void refusesTextThatIsNoNumber(String text) {
        DataSet set = DicomWriter.explicitLittle()
                .text(Tag.SLICE_THICKNESS, "DS", text)
                .open(EXPLICIT)
                .dataSet();
        assertThatThrownBy(() -> set.numbers(Tag.SLICE_THICKNESS))
                .isInstanceOf(BadMediaException.class)
                .hasMessage("x: (0018,0050) SliceThickness holds no number");
    }

    @Test
    void warnsOfBrokenElementsAndReadsTheRest() {
        var w = DicomWriter.explicitLittle().text(Tag.MODALITY, "CS", "CT");
        w.raw(new DicomWriter(false, false).text(STATION, "SH", "A1").toBytes());
        w.bytes(Tag.ROWS, "US", new byte[] {1, 0, 9, 9}).text(Tag.MODALITY, "CS", "MR");
        w.raw(new byte[] {0x20, 0, 0x10, 0, 'S', 'H', 100, 0, 'x'});
        DicomFile file = w.open(EXPLICIT);
        assertThat(file.dataSet().text(STATION)).hasValue("A1");
        assertThat(file.dataSet().text(Tag.MODALITY)).hasValue("MR");
        assertThat(file.dataSet().text(Tag.STUDY_ID)).hasValue("x");
        assertThat(file.warnings())
                .contains(
                        "(0008,1010) StationName has no VR in a file with explicit VR",
                        "(0008,0060) Modality is there twice; the last one counts",
                        "(0020,0010) StudyID reaches beyond the end; what is there is taken");
    }

    @Test
    void refusesWhatIsNoDicom() {
        for (byte[] other : List.of(
                new byte[0],
                new byte[200],
                "no picture at all, only text".repeat(20).getBytes(StandardCharsets.US_ASCII))) {
            assertThatThrownBy(() -> DicomFile.of("x", other))
                    .isInstanceOf(BadMediaException.class)
                    .hasMessageStartingWith("x: ");
        }
    }

    @Test
    void refusesSequencesWithoutBottom() {
        var w = DicomWriter.explicitLittle().text(Tag.MODALITY, "CS", "CT");
        for (int i = 0; i < 100_000; i++) {
            w.head(Tag.FRAME_CONTENT_SEQUENCE, "SQ", -1).head(Tag.ITEM, "", -1);
        }
        assertThatThrownBy(() -> w.open(EXPLICIT)).hasMessage("x: has sequences that are more than 32 deep");
    }

    @Test
    void refusesAFileThatInflatesWithoutEnd() {
        assertThatThrownBy(() -> Inflation.inflate(deflatedZeros(), 1000, new DataSet.Context("x", new Warnings())))
                .hasMessage("x: unpacks to more than 1000 bytes, the limit");
    }

    private static byte[] deflatedZeros() {
        var deflater = new java.util.zip.Deflater();
        deflater.setInput(new byte[100_000]);
        deflater.finish();
        byte[] packed = new byte[1000];
        int length = deflater.deflate(packed);
        deflater.end();
        return Arrays.copyOf(packed, length);
    }

    @Test
    void knowsKeywordsAndTags() {
        assertThat(Dictionary.tag("PatientName")).hasValue(Tag.PATIENT_NAME);
        assertThat(Dictionary.keyword(0x60020010)).isEqualTo("OverlayRows");
        assertThat(Dictionary.vr(0x00090010)).isEqualTo(Vr.LO);
        assertThat(Dictionary.vr(PRIVATE)).isEqualTo(Vr.UN);
        assertThat(Tag.show(PRIVATE)).isEqualTo("(0009,1001)");
    }
}
