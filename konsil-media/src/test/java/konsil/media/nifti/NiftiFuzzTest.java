package konsil.media.nifti;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever the bytes, they become a volume or a {@link konsil.media.BadMediaException}; see docs/volumes.md. */
class NiftiFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void anyBytes(byte[] data) {
        HostileNiftiTest.readsOrRefuses(data);
    }
}
