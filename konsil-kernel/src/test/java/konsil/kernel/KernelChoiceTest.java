package konsil.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.List;
import konsil.kernel.code.Arithmetic;
import konsil.kernel.code.CodeMemory;
import konsil.kernel.code.DensePack;
import konsil.kernel.code.DenseTile;
import konsil.kernel.code.Elementwise;
import konsil.kernel.code.ExpandTile;
import konsil.kernel.code.Normalise;
import konsil.kernel.code.QuantPack;
import konsil.kernel.code.QuantTile;
import konsil.kernel.code.Rotate;
import konsil.kernel.code.Routine;
import konsil.kernel.code.ScoreTile;
import konsil.kernel.code.SoftmaxEnd;
import konsil.kernel.code.SoftmaxTile;
import konsil.kernel.code.StoreKeys;
import konsil.kernel.code.StoreValues;
import konsil.kernel.code.ValueTile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class KernelChoiceTest {
    /** Leaves without having done anything. */
    private static final byte[] NOTHING = {(byte) 0xC3};

    private final Workers workers = new Workers(2);

    @AfterEach
    void close() {
        workers.close();
    }

    @ParameterizedTest
    @EnumSource(KernelChoice.Kind.class)
    void givesTheKindThatIsAskedForOrSaysWhyNot(KernelChoice.Kind kind) {
        var choice = KernelChoice.of(kind, workers);
        if (choice.reasons().isEmpty()) {
            assertThat(choice.kernels().name()).isEqualTo(kind.word());
        } else {
            assertThat(kind).isEqualTo(KernelChoice.Kind.MACHINE);
            assertThat(choice.kernels().name()).isEqualTo("vector");
        }
        assertThat(choice.kernels()).isInstanceOf(CheckedKernels.class);
    }

    @Test
    void anUnknownKindIsRefusedByName() {
        assertThatThrownBy(() -> KernelChoice.Kind.named("gpu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("-Dkonsil.kernels=gpu: want scalar, vector or machine");
    }

    /** What this processor runs; nothing where it runs no machine code. */
    static List<Routine> routines() {
        var bf16 = bf16();
        return List.of(
                new DenseTile(Arithmetic.F32, 14, false),
                new DenseTile(Arithmetic.F32, 1, false),
                new DenseTile(bf16, 14, false),
                new DenseTile(bf16, 1, false),
                new QuantTile(false, 12, false),
                new QuantTile(false, 3, false),
                new QuantTile(true, 12, false),
                new QuantTile(true, 3, false),
                new DensePack(Arithmetic.F32),
                new DensePack(bf16),
                new QuantPack(false),
                new QuantPack(true),
                new ScoreTile(Arithmetic.F32, 4, 24),
                new ScoreTile(bf16, 4, 12),
                new SoftmaxTile(Arithmetic.F32),
                new SoftmaxTile(bf16),
                new ValueTile(Arithmetic.F32, 4, 2, 32),
                new ValueTile(bf16, 4, 2, 32),
                new StoreKeys(false, 24),
                new StoreKeys(true, 24),
                new StoreValues(false, 24),
                new StoreValues(true, 24),
                new ExpandTile(true, 32),
                new ExpandTile(false, 32),
                new SoftmaxEnd(24),
                new Normalise(false),
                new Normalise(true),
                new Rotate(16),
                new Elementwise(Elementwise.Function.ADD),
                new Elementwise(Elementwise.Function.SCALE),
                new Elementwise(Elementwise.Function.GELU_TANH),
                new Elementwise(Elementwise.Function.GATED_SILU));
    }

    private static Arithmetic bf16() {
        boolean here = KernelChoice.of(KernelChoice.Kind.MACHINE, new Workers(1))
                .features()
                .filter(CpuFeatures::bf16)
                .isPresent();
        return here ? Arithmetic.BF16 : Arithmetic.WIDENED;
    }

    /** Whichever routine does nothing on this processor, it is noticed, and the vector kernels compute in its place. */
    @ParameterizedTest
    @MethodSource("routines")
    void aWrongRoutineIsNoticedAndTheVectorKernelsTakeOver(Routine wrong) {
        var choice = withWrong(wrong, NOTHING);
        assertThat(choice.kernels().name()).isEqualTo("vector");
        assertThat(choice.reasons())
                .singleElement()
                .asString()
                .contains("self-test")
                .contains("vector kernels take over");
    }

    /** One instruction among hundreds: the last store of a panel goes to where the one before it went. */
    @Test
    void oneWrongInstructionIsNoticed() {
        var tile = new DenseTile(Arithmetic.F32, 14, false);
        var code = tile.assemble();
        int lastStore = indexOfLast(code, new byte[] {0x62, 0x61, 0x7c, 0x48, 0x11});
        code[lastStore + 5] = 0x1a; // zmm27 to [rdx] instead of [rdx + 64]
        code[lastStore + 6] = (byte) 0x90;
        assertThat(withWrong(tile, code).kernels().name()).isEqualTo("vector");
    }

    @Test
    void theSelfTestFindsNoFaultInTheVectorKernels() {
        assertThat(new SelfTest(new ScalarKernels(workers)).firstFault(new VectorKernels(workers)))
                .isEmpty();
    }

    private static int indexOfLast(byte[] code, byte[] pattern) {
        for (int i = code.length - pattern.length; i >= 0; i--) {
            if (Arrays.equals(code, i, i + pattern.length, pattern, 0, pattern.length)) {
                return i;
            }
        }
        throw new AssertionError("no such instruction");
    }

    private KernelChoice withWrong(Routine wrong, byte[] code) {
        var pages = new ExecutablePages();
        var right = wrong.assemble();
        var memory = new CodeMemory(bytes -> pages.install(Arrays.equals(bytes, right) ? code : bytes));
        var features = CpuFeatures.ask(memory);
        assumeThat(features.enough()).as("AVX-512 with VNNI").isTrue();
        return KernelChoice.machine(memory, new VectorKernels(workers), workers);
    }
}
