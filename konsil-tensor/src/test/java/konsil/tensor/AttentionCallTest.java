package konsil.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import konsil.kernel.AttentionShape;
import konsil.kernel.WeightFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AttentionCallTest {
    /** Kernels may read a whole tile, with its padding: whatever was left in the workspace must not get in. */
    @ParameterizedTest
    @CsvSource({"16, 1", "16, 32", "16, 40", "9, 33", "12, 64"})
    void everythingInTheTilesIsFinite(int headDim, int keys) {
        try (var v = new Values()) {
            var spec = new AttentionSpec(new AttentionShape(4, 2, headDim, 1, 0), Mask.full());
            var call = new AttentionCall(v.kernels, v.space, spec);
            var rows = v.random(keys, spec.keyCols()).rows();
            var f32 = call.tiles(WeightFormat.F32, keys);
            v.kernels.store(rows, rows, f32, 0);
            for (float value : f32.data().toArray(ValueLayout.JAVA_FLOAT)) {
                assertThat(value).isFinite();
            }
            var q8 = call.tiles(WeightFormat.Q8_0, keys);
            v.kernels.store(rows, rows, q8, 0);
            for (long head = 0; head < q8.data().byteSize(); head += q8.headBytes()) {
                for (long at = head + q8.scalesOffset(); at < head + q8.headBytes(); at += 4) {
                    assertThat(q8.data().get(ValueLayout.JAVA_FLOAT, at)).isFinite();
                }
            }
            var bf16 = call.tiles(WeightFormat.BF16, keys);
            v.kernels.store(rows, rows, bf16, 0);
            for (short half : bf16.data().toArray(ValueLayout.JAVA_SHORT)) {
                assertThat(Float.intBitsToFloat(half << 16)).isFinite();
            }
        }
    }
}
