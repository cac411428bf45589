package konsil.media.slide;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever the bytes, they become a slide or a {@link konsil.media.BadMediaException}; see docs/volumes.md. */
class SlideFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void anyBytes(byte[] data) {
        HostileSlideTest.readsOrRefuses(data);
    }
}
