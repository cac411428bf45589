package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import konsil.cli.Finding.Level;
import konsil.kernel.CpuFeatures;
import konsil.kernel.KernelChoice;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.Workers;
import org.junit.jupiter.api.Test;

/** What the doctor says about kernels, for every way a choice can come out. */
final class KernelChecksTest {
    private static final CpuFeatures FULL = new CpuFeatures(true, true, true);

    @Test
    void fastestNeedsNoWord() {
        List<Finding> findings = findings("", List.of(), Optional.of(FULL));
        assertThat(findings).extracting(Finding::level).containsExactly(Level.OK, Level.OK);
        assertThat(findings.get(1).value()).isEqualTo("allowed");
    }

    @Test
    void olderProcessorIsNoFault() {
        var old = new CpuFeatures(true, false, false);
        List<Finding> findings = findings("", List.of("the processor lacks avx512_vnni"), Optional.of(old));
        assertThat(findings.get(0).value()).contains("avx512_vnni");
        assertThat(findings.get(0).advice()).contains("Nothing to mend");
        assertThat(findings.get(0).data()).containsEntry("missing_features", old.missing());
    }

    @Test
    void refusalSaysWhatToAllow() {
        List<Finding> findings = findings("", List.of("machine code refused: forbidden"), Optional.empty());
        assertThat(findings).extracting(Finding::level).containsExactly(Level.NOTE, Level.NOTE);
        assertThat(findings.get(1).advice()).contains("MemoryDenyWriteExecute=no");
    }

    @Test
    void failedSelfTestAsksForAReport() {
        List<Finding> findings = findings("", List.of("machine code failed its self-test"), Optional.of(FULL));
        assertThat(findings.get(0).level()).isEqualTo(Level.NOTE);
        assertThat(findings.get(0).advice()).contains("Report this");
    }

    @Test
    void forcedKindIsSaid() {
        Finding kernels = findings("scalar", List.of(), Optional.empty()).getFirst();
        assertThat(kernels.level()).isEqualTo(Level.NOTE);
        assertThat(kernels.value()).contains("scalar", "as asked for");
        assertThat(kernels.data()).containsEntry("forced", "scalar").containsEntry("name", "scalar");
    }

    @Test
    void unknownKindAndMissingModuleAreProblems() {
        var wrong = new KernelChecks("fast", () -> {
            throw new IllegalArgumentException("want scalar, vector or machine");
        });
        assertThat(wrong.findings()).singleElement().returns(Level.PROBLEM, Finding::level);
        var missing = new KernelChecks("", () -> {
            throw new NoClassDefFoundError("jdk/incubator/vector/Vector");
        });
        assertThat(missing.findings()).singleElement().returns(Level.PROBLEM, Finding::level);
    }

    @Test
    void doctorOfThisMachineNamesItsKernels() {
        assertThat(Run.of("doctor").out()).contains("kernels", "executable memory");
    }

    private static List<Finding> findings(String forced, List<String> reasons, Optional<CpuFeatures> features) {
        try (var workers = new Workers(1)) {
            var scalar = KernelChoice.of(Kind.SCALAR, workers).kernels();
            return new KernelChecks(forced, () -> new KernelChoice(scalar, reasons, features)).findings();
        }
    }
}
