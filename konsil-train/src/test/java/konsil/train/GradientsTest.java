package konsil.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import konsil.kernel.AttentionShape;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.WeightFormat;
import konsil.tensor.AttentionSpec;
import konsil.tensor.KvLayer;
import konsil.tensor.Mask;
import konsil.tensor.Ops;
import konsil.tensor.Step;
import konsil.tensor.TapeOps;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GradientsTest {
    private static final double TOLERANCE = 1e-3;

    static List<Kind> kinds() {
        return Bench.kinds();
    }

    /** The value whose gradients are compared: the output's elements, weighed and summed. */
    private static double value(Ops ops, OpCases.Case c, float[] weights) {
        float[] y = c.run().of(ops, c.inputs()).toArray();
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += (double) weights[i] * y[i];
        }
        return sum;
    }

    /** Central differences of two widths, put together so that errors of third order cancel. */
    private static double slope(Bench v, OpCases.Case c, Tensor input, int at, float[] weights) {
        double narrow = difference(v, c, new Nudge(input, at, 0.02f), weights);
        double wide = difference(v, c, new Nudge(input, at, 0.04f), weights);
        return (4 * narrow - wide) / 3;
    }

    private record Nudge(Tensor input, int at, float by) {}

    private static double difference(Bench v, OpCases.Case c, Nudge nudge, float[] weights) {
        float[] values = nudge.input().toArray();
        float before = values[nudge.at()];
        float above = before + nudge.by();
        float below = before - nudge.by();
        values[nudge.at()] = above;
        nudge.input().copyFrom(values);
        double up = value(v.engine.ops(), c, weights);
        values[nudge.at()] = below;
        nudge.input().copyFrom(values);
        double down = value(v.engine.ops(), c, weights);
        values[nudge.at()] = before;
        nudge.input().copyFrom(values);
        v.space.reset();
        return (up - down) / ((double) above - below);
    }

    private static float[] gradient(Gradients gradients, Tensor of) {
        return gradients.of(of).orElseThrow().toArray();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyArgumentOfEveryOpHasTheSlopeOfItsDifferences(Kind kind) {
        try (var v = new Bench(kind)) {
            for (var c : OpCases.all(v)) {
                var tape = new TapeOps(v.engine.ops(), c.inputs(), Keeping.LINK_INPUTS);
                Tensor y = c.run().of(tape, c.inputs());
                Tensor seed = v.random(y.shape());
                var gradients = new Gradients(v.engine).seed(y, seed);
                gradients.walk(tape);
                var slopes =
                        c.inputs().stream().map(x -> gradient(gradients, x)).toList();
                v.space.reset();
                for (int i = 0; i < slopes.size(); i++) {
                    compare(v, c, i, slopes.get(i), seed.toArray());
                }
            }
        }
    }

    private static void compare(Bench v, OpCases.Case c, int input, float[] slopes, float[] weights) {
        double size = 0.1;
        for (float slope : slopes) {
            size = Math.max(size, Math.abs(slope));
        }
        for (int at = 0; at < slopes.length; at++) {
            double wanted = slope(v, c, c.inputs().get(input), at, weights);
            assertThat((double) slopes[at])
                    .as("%s, input %d, element %d", c, input, at)
                    .isEqualTo(wanted, within(TOLERANCE * size));
        }
    }

    /** More queries than a block has, along one direction of all arguments together. */
    @ParameterizedTest
    @ValueSource(ints = {20, 1000})
    void attentionOfManyQueriesHasTheSlopeOfItsDifferences(int window) {
        try (var v = new Bench(Kind.MACHINE)) {
            var spec = new AttentionSpec(
                    new AttentionShape(4, 2, 6, 0.4f, 0), Mask.causal().window(window));
            var inputs = List.of(v.random(230, 24), v.random(230, 12), v.random(230, 12));
            var layer = new KvLayer.PassThrough(WeightFormat.F32);
            var c = new OpCases.Case(
                    "attention", inputs, (o, x) -> o.attention(x.get(0), x.get(1), x.get(2), spec, layer));
            var seed = v.random(230, 24).toArray();
            for (var input : inputs) {
                var directions = v.random(input.shape()).toArray();
                float[] slopes = gradients(v, c, input, seed);
                double along = 0;
                for (int i = 0; i < slopes.length; i++) {
                    along += (double) slopes[i] * directions[i];
                }
                double wanted = along(v, c, input, directions, seed);
                assertThat(along).isCloseTo(wanted, within(2e-3 * Math.abs(wanted) + 1e-2));
            }
        }
    }

    private static float[] gradients(Bench v, OpCases.Case c, Tensor input, float[] seed) {
        var tape = new TapeOps(v.engine.ops(), c.inputs());
        Tensor y = c.run().of(tape, c.inputs());
        var gradients = new Gradients(v.engine).seed(y, Tensor.of(v.memory, seed, y.shape()));
        gradients.walk(tape);
        float[] slopes = gradient(gradients, input);
        v.space.reset();
        return slopes;
    }

    private static double along(Bench v, OpCases.Case c, Tensor input, float[] direction, float[] seed) {
        float[] before = input.toArray();
        double[] values = new double[2];
        for (int side = 0; side < 2; side++) {
            float[] moved = before.clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] += (side == 0 ? 1e-3f : -1e-3f) * direction[i];
            }
            input.copyFrom(moved);
            values[side] = value(v.engine.ops(), c, seed);
            v.space.reset();
        }
        input.copyFrom(before);
        return (values[0] - values[1]) / 2e-3;
    }

    @Test
    void noOpIsWithoutACase() {
        var seen = new HashSet<Class<?>>();
        try (var v = new Bench(Kind.SCALAR)) {
            for (var c : OpCases.all(v)) {
                var tape = new TapeOps(v.engine.ops(), c.inputs(), Keeping.LINK_INPUTS);
                c.run().of(tape, c.inputs());
                tape.steps().forEach(step -> seen.add(step.getClass()));
            }
        }
        assertThat(seen).isEqualTo(Set.copyOf(Arrays.asList(Step.class.getPermittedSubclasses())));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachArgumentAloneHasTheGradientItHasWithTheOthers(Kind kind) {
        try (var v = new Bench(kind)) {
            for (var c : OpCases.all(v)) {
                var all = run(v, c, c.inputs(), Keeping.STEPS);
                for (int i = 0; i < c.inputs().size(); i++) {
                    var alone = run(v, c, List.of(c.inputs().get(i)), Keeping.STEPS);
                    assertThat(alone.getFirst()).as("%s, input %d", c, i).isEqualTo(all.get(i));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void threadsChangeNothing(Kind kind) {
        try (var one = new Bench(kind, 1);
                var three = new Bench(kind, 3)) {
            var cases = OpCases.all(one);
            var same = OpCases.all(three);
            for (int i = 0; i < cases.size(); i++) {
                var c = cases.get(i);
                var wanted = run(one, c, c.inputs(), Keeping.STEPS);
                var got = run(three, same.get(i), same.get(i).inputs(), Keeping.STEPS);
                for (int input = 0; input < wanted.size(); input++) {
                    assertThat(got.get(input)).as("%s, input %d", c, input).isEqualTo(wanted.get(input));
                }
            }
        }
    }

    /** Gradients with regard to some inputs, seeded with ones. */
    private static List<float[]> run(Bench v, OpCases.Case c, List<Tensor> trainable, Keeping keeping) {
        v.space.reset();
        var tape = new TapeOps(v.engine.ops(), trainable, keeping);
        Tensor y = c.run().of(tape, c.inputs());
        var gradients = new Gradients(v.engine).seed(y, ones(v, y));
        gradients.walk(tape);
        return trainable.stream().map(x -> gradient(gradients, x)).toList();
    }

    private static Tensor ones(Bench v, Tensor like) {
        Tensor ones = Tensor.zeros(v.memory, like.shape());
        float[] values = new float[(int) like.size()];
        Arrays.fill(values, 1);
        ones.copyFrom(values);
        return ones;
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void frozenMatricesPassGradientsOnAsTheirValuesDo(WeightFormat format) {
        try (var v = new Bench(Kind.MACHINE)) {
            Tensor packed = v.packed(v.random(100, 96), format);
            Tensor plain = v.unpacked(packed);
            Tensor x = v.random(9, 96);
            Tensor seed = v.random(9, 100);
            float[] wanted = through(v, x, plain, seed);
            assertThat(Bench.distance(through(v, x, packed, seed), wanted)).isLessThan(1e-6);
        }
    }

    /** More rows and columns than are unpacked at once. */
    @Test
    void largeFrozenMatricesAreTakenInParts() {
        try (var v = new Bench(Kind.MACHINE)) {
            Tensor packed = v.packed(v.random(17_000, 576), WeightFormat.Q8_0);
            Tensor plain = v.unpacked(packed);
            Tensor x = v.random(3, 576);
            Tensor seed = v.random(3, 17_000);
            float[] wanted = through(v, x, plain, seed);
            assertThat(Bench.distance(through(v, x, packed, seed), wanted)).isLessThan(1e-5);
        }
    }

    private static float[] through(Bench v, Tensor x, Tensor weight, Tensor seed) {
        var tape = new TapeOps(v.engine.ops(), List.of(x));
        Tensor y = tape.linear(x, weight);
        var gradients = new Gradients(v.engine).seed(y, seed);
        gradients.walk(tape);
        float[] dx = gradient(gradients, x);
        v.space.reset();
        return dx;
    }

    @Test
    void sumsGrowOverExamplesAndOutputsAddUp() {
        try (var v = new Bench(Kind.VECTOR)) {
            Tensor weight = v.random(4, 3);
            Tensor sum = Tensor.zeros(v.memory, 4, 3);
            Tensor x = v.random(2, 3);
            for (int example = 0; example < 3; example++) {
                var tape = new TapeOps(v.engine.ops(), List.of(weight));
                Tensor first = tape.linear(x, weight);
                Tensor second = tape.scale(first, 2);
                var gradients = new Gradients(v.engine, Map.of(weight, sum));
                gradients.seed(first, ones(v, first)).seed(second, ones(v, second));
                gradients.walk(tape);
                assertThat(gradients.of(weight)).containsSame(sum);
                v.space.reset();
            }
            float[] values = x.toArray();
            for (int out = 0; out < 4; out++) {
                for (int in = 0; in < 3; in++) {
                    assertThat(sum.rows().get(out, in)).isEqualTo(9 * (values[in] + values[3 + in]), within(1e-4f));
                }
            }
        }
    }

    @Test
    void whatNothingReachesHasNoGradient() {
        try (var v = new Bench(Kind.SCALAR)) {
            Tensor used = v.random(2, 3);
            Tensor unused = v.random(2, 3);
            var tape = new TapeOps(v.engine.ops(), List.of(used, unused));
            Tensor y = tape.scale(used, 2);
            tape.scale(unused, 3);
            var gradients = new Gradients(v.engine).seed(y, y);
            gradients.walk(tape);
            assertThat(gradients.of(used)).isPresent();
            assertThat(gradients.of(unused)).isEmpty();
            assertThat(gradients.of(v.random(1))).isEmpty();
        }
    }

    @Test
    void seedsAndSumsOfAnotherShapeAreRefused() {
        try (var v = new Bench(Kind.SCALAR)) {
            Tensor x = v.random(2, 3);
            assertThatThrownBy(() -> new Gradients(v.engine).seed(x, v.random(3, 2)))
                    .hasMessage("gradients: want a seed like f32[2, 3], got f32[3, 2]");
            assertThatThrownBy(() -> new Gradients(v.engine, Map.of(x, v.random(3, 2))))
                    .hasMessage("gradients: want a sum like f32[2, 3], got f32[3, 2]");
        }
    }
}
