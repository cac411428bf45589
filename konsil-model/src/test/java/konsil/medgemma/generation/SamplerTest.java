package konsil.medgemma.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final float[] LOGITS = {1, 3, 2, 3, -1};

    private static SamplingSettings settings(float temperature, int topK, float topP, float minP) {
        return new SamplingSettings(temperature, topK, topP, minP, 1, 42);
    }

    private static Sampler sampler(SamplingSettings settings) {
        return new Sampler(settings, TokenConstraint.NONE, 0);
    }

    private static double[] frequencies(SamplingSettings settings, float[] logits, int draws) {
        var sampler = sampler(settings);
        var counts = new double[logits.length];
        for (int i = 0; i < draws; i++) {
            counts[sampler.choose(logits.clone()).token()] += 1.0 / draws;
        }
        return counts;
    }

    @Test
    void greedyTakesTheFirstOfTheLargest() {
        assertThat(sampler(SamplingSettings.GREEDY).choose(LOGITS.clone()).token())
                .isEqualTo(1);
    }

    @Test
    void temperatureDrawsAsTheSoftmaxSays() {
        var seen = frequencies(settings(2, 0, 1, 0), LOGITS, 200_000);
        double sum = 0;
        for (float logit : LOGITS) {
            sum += Math.exp(logit / 2);
        }
        for (int token = 0; token < LOGITS.length; token++) {
            assertThat(seen[token]).isCloseTo(Math.exp(LOGITS[token] / 2) / sum, within(0.005));
        }
    }

    @Test
    void topKKeepsTheMostLikelyAlone() {
        var seen = frequencies(settings(1, 3, 1, 0), LOGITS, 5000);
        assertThat(seen[0] + seen[4]).isZero();
        assertThat(seen[1]).isPositive();
        assertThat(seen[2]).isPositive();
    }

    /** Probabilities 0.6, 0.3, 0.08, 0.02: the first two make 0.9, the third is still needed for 0.95. */
    @Test
    void topPKeepsTheFewestThatAreEnough() {
        float[] logits = {(float) Math.log(0.6), (float) Math.log(0.3), (float) Math.log(0.08), (float) Math.log(0.02)};
        var seen = frequencies(settings(1, 0, 0.89f, 0), logits, 5000);
        assertThat(seen[2] + seen[3]).isZero();
        seen = frequencies(settings(1, 0, 0.95f, 0), logits, 5000);
        assertThat(seen[2]).isPositive();
        assertThat(seen[3]).isZero();
    }

    @Test
    void minPCutsWhatIsFarBelowTheBest() {
        var seen = frequencies(settings(1, 0, 1, 0.2f), LOGITS, 5000);
        assertThat(seen[0] + seen[4]).isZero(); // exp(-2) = 0.14
        assertThat(seen[2]).isPositive(); // exp(-1) = 0.37
    }

    @Test
    void whatWasSaidBecomesLessLikely() {
        var sampler = new Sampler(new SamplingSettings(0, 0, 1, 0, 2, 0), TokenConstraint.NONE, 0);
        sampler.said(new int[] {1});
        assertThat(sampler.choose(LOGITS.clone()).token()).isEqualTo(3);
        assertThat(sampler.choose(LOGITS.clone()).token()).isEqualTo(2);
    }

    @Test
    void theSameSeedGivesTheSameTokens() {
        var random = new Random(5);
        var one = sampler(settings(1, 50, 0.9f, 0));
        var two = sampler(settings(1, 50, 0.9f, 0));
        for (int i = 0; i < 50; i++) {
            var logits = new float[1000];
            for (int token = 0; token < logits.length; token++) {
                logits[token] = (float) random.nextGaussian() * 3;
            }
            assertThat(one.choose(logits.clone()).token())
                    .isEqualTo(two.choose(logits).token());
        }
    }

    @Test
    void reportsProbabilitiesOfTheModelItself() {
        var choice = new Sampler(SamplingSettings.GREEDY, TokenConstraint.NONE, 3).choose(LOGITS.clone());
        double sum = 0;
        for (float logit : LOGITS) {
            sum += Math.exp(logit);
        }
        assertThat(choice.logProbability()).isCloseTo((float) (3 - Math.log(sum)), within(1e-6f));
        assertThat(choice.alternatives()).extracting(Choice.Alternative::token).containsExactly(1, 3, 2);
    }

    @Test
    void aConstraintDecidesWhatMayCome() {
        var onlyTwo = new TokenConstraint() {
            @Override
            public void restrict(float[] logits) {
                float keep = logits[2];
                Arrays.fill(logits, Float.NEGATIVE_INFINITY);
                logits[2] = keep;
            }

            @Override
            public void accept(int token) {
                assertThat(token).isEqualTo(2);
            }
        };
        assertThat(new Sampler(settings(1, 0, 0.9f, 0), onlyTwo, 0)
                        .choose(LOGITS.clone())
                        .token())
                .isEqualTo(2);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> settings(-1, 0, 1, 0)).isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> settings(1, 0, 0, 0)).hasMessage("top-p: want more than 0, at most 1, got 0.0");
    }
}
