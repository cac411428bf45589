package konsil.media.slide;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever the bytes, a DICOM slide or a {@link konsil.media.BadMediaException}. */
class DicomSlideFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void anyBytes(byte[] data) {
        DicomSlideTest.readsOrRefuses(data);
    }
}
