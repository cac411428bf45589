package konsil.media.dicom;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Whatever the bytes, they become elements, frames and pictures or a {@link konsil.media.BadMediaException}. In a
 * normal test run the saved inputs are replayed; docs/dicom.md says how to search for new ones.
 */
class DicomFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void anyFile(byte[] data) {
        HostileDicomTest.readAll(data);
    }

    /** The bytes are elements behind a small image's description. */
    @FuzzTest(maxDuration = "10m")
    void anyElements(byte[] data) {
        var w = DicomWriter.explicitLittle().image(5, 7, 1, new int[] {16, 12}, true, "MONOCHROME2");
        HostileDicomTest.readAll(w.raw(data).file("1.2.840.10008.1.2.1"));
    }
}
