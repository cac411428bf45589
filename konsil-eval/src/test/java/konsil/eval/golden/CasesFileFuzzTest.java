package konsil.eval.golden;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever the bytes, cases.json gives cases or is refused. A normal test run replays the saved inputs. */
class CasesFileFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void cases(byte[] data) {
        CasesFileTest.readsOrRefuses(data);
    }
}
