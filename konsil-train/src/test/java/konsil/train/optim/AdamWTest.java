package konsil.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import konsil.kernel.NativeMemory;
import konsil.kernel.Workers;
import konsil.tensor.BadInputException;
import konsil.tensor.Tensor;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.train.GoldenFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against torch 2.13.0: golden/adamw/make.py. */
final class AdamWTest {
    private static final Path FILE = GoldenFolder.of("adamw/steps.json");

    /** The last bit or two: torch's vector code fuses multiplications and additions, ours does not. */
    private static final double ROUNDING = 3e-7;

    private final NativeMemory memory = new NativeMemory();
    private final Workers workers = new Workers(2);

    @AfterEach
    void close() {
        workers.close();
        memory.close();
    }

    private static Fields golden() throws IOException {
        return Fields.of(FILE, Json.read(FILE, JsonLimits.settings()));
    }

    private static float[] values(Fields fields, String name) {
        var list = fields.list(name);
        var values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) number(list.get(i));
        }
        return values;
    }

    private static double number(Json value) {
        return switch (value) {
            case Json.Real(double real) -> real;
            case Json.Whole(long whole) -> whole;
            default -> throw new AssertionError(value);
        };
    }

    @Test
    void fiveStepsAreTorchsWithClippingAndABiasThatDoesNotDecay() throws IOException {
        var golden = golden();
        var settings = new AdamWSettings(0.8, 0.95, 1e-6, golden.real("weight_decay"));
        Tensor matrix = Tensor.of(memory, values(golden, "start_matrix"), 3, 5);
        Tensor bias = Tensor.of(memory, values(golden, "start_bias"), 4);
        var optimiser = new AdamW(List.of(Learnable.of("w", matrix), Learnable.of("b", bias)), settings, workers);
        for (var item : golden.list("steps")) {
            var step = Fields.of(FILE, item);
            var gradients = new IdentityHashMap<Tensor, Tensor>();
            gradients.put(matrix, Tensor.of(memory, values(step, "matrix_gradient"), 3, 5));
            gradients.put(bias, Tensor.of(memory, values(step, "bias_gradient"), 4));
            double norm = Clipping.norm(gradients.values(), workers);
            assertThat(norm).isCloseTo(step.real("norm"), withinPercentage(1e-4));
            optimiser.step(gradients, step.real("rate"), Clipping.factor(norm, golden.real("max_grad_norm")));
            near(matrix.toArray(), values(step, "matrix"));
            near(bias.toArray(), values(step, "bias"));
        }
        assertThat(optimiser.state().get("b").steps()).isEqualTo(5);
    }

    private static void near(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i])
                    .isCloseTo(expected[i], within(ROUNDING * Math.max(1, Math.abs(expected[i]))));
        }
    }

    @Test
    void aRestoredOptimiserGoesOnToTheBit() {
        Tensor whole = Tensor.of(memory, new float[] {1, -2, 3}, 3);
        Tensor halves = Tensor.of(memory, new float[] {1, -2, 3}, 3);
        var first = new AdamW(List.of(Learnable.of("w", whole)), AdamWSettings.TORCH, workers);
        var before = new AdamW(List.of(Learnable.of("w", halves)), AdamWSettings.TORCH, workers);
        var after = new AdamW(List.of(Learnable.of("w", halves)), AdamWSettings.TORCH, workers);
        for (int step = 0; step < 6; step++) {
            Tensor gradient = Tensor.of(memory, new float[] {step, 0.5f - step, 1}, 3);
            first.step(Map.of(whole, gradient), 0.1, 1);
            if (step == 3) {
                after.restore(before.state());
            }
            (step < 3 ? before : after).step(Map.of(halves, gradient), 0.1, 1);
        }
        assertThat(halves.toArray()).isEqualTo(whole.toArray()).isNotEqualTo(new float[] {1, -2, 3});
    }

    @Test
    void whatNoExampleUsedIsLeftAlone() {
        Tensor used = Tensor.of(memory, new float[] {1, 2}, 1, 2);
        Tensor other = Tensor.of(memory, new float[] {3, 4}, 1, 2);
        var optimiser =
                new AdamW(List.of(Learnable.of("w", used), Learnable.of("v", other)), AdamWSettings.TORCH, workers);
        optimiser.step(Map.of(used, Tensor.of(memory, new float[] {1, -1}, 1, 2)), 0.1, 1);
        assertThat(other.toArray()).containsExactly(3, 4);
        assertThat(used.toArray()).isNotEqualTo(new float[] {1, 2});
        assertThat(optimiser.state().get("v").steps()).isZero();
        assertThat(optimiser.state().get("w").steps()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void schedulesAreThoseOfTransformers(Schedule.Shape shape) throws IOException {
        var expected = golden().in("schedules").list(shape.name().toLowerCase(Locale.ROOT));
        var schedule = new Schedule(shape, 2e-4, 3, 10);
        for (int step = 0; step < expected.size(); step++) {
            assertThat(schedule.at(step)).isCloseTo(number(expected.get(step)), within(1e-15));
        }
    }

    @Test
    void aShareOfStepsIsRoundedUp() {
        assertThat(Schedule.of(Schedule.Shape.LINEAR, 1, 0.03, 562).warmUp()).isEqualTo(17);
        assertThat(Schedule.of(Schedule.Shape.LINEAR, 1, 0, 562).at(0)).isEqualTo(1);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> new AdamWSettings(1, 0.9, 1e-8, 0)).isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> new AdamWSettings(0.9, 0.9, 0, 0)).hasMessageContaining("eps: want more than 0");
        assertThatThrownBy(() -> Schedule.Shape.named("step")).hasMessageContaining("want constant, linear or cosine");
        assertThatThrownBy(() -> Schedule.of(Schedule.Shape.LINEAR, Double.NaN, 0, 5))
                .hasMessageContaining("rate");
        assertThatThrownBy(() -> Schedule.of(Schedule.Shape.LINEAR, 1, 2, 5)).hasMessageContaining("warm-up");
    }
}
