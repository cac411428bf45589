package konsil.medgemma.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.MedGemma;
import konsil.medgemma.SoftTokens;
import konsil.medgemma.TokenSequence;
import konsil.medgemma.WorkingFormat;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the small golden model, whose image is 16 soft tokens and whose window is 48. */
class AnswerEngineTest {
    private static final Path MODEL = Path.of("..", "golden", "gemma3-a");
    private static final GenerationListener SILENT = _ -> {};
    private static final int SOFT = 9;

    private Workers workers;
    private MedGemma model;

    @BeforeEach
    void load() throws IOException {
        workers = new Workers(2);
        var kernels = KernelChoice.best(workers).kernels();
        model = MedGemma.load(List.of(MODEL), kernels, workers, LoadOptions.of(WorkingFormat.EXACT));
    }

    @AfterEach
    void close() {
        model.close();
        workers.close();
    }

    private AnswerEngine engine(int sessions, int queued) {
        return new AnswerEngine(model, new EngineSettings(sessions, queued, 400, 32, 0, 1L << 30));
    }

    private static GenerationRequest request(int[] prompt, int tokens) {
        var limits = new GenerationRequest.Limits(tokens, Set.of(), 0);
        return new GenerationRequest(
                TokenSequence.ofText(prompt),
                List.of(),
                List.of(),
                SamplingSettings.GREEDY,
                limits,
                TokenConstraint.NONE);
    }

    private static int[] prompt(int seed, int length) {
        return IntStream.range(0, length)
                .map(i -> 20 + (i * 37 + seed * 101) % 900)
                .toArray();
    }

    private GenerationRequest withImage(float brightness, String key, int... question) {
        int soft = model.config().images().orElseThrow().tokensPerImage();
        var ids = IntStream.concat(
                        IntStream.concat(
                                IntStream.of(2, 7),
                                IntStream.generate(() -> SOFT).limit(soft)),
                        IntStream.concat(IntStream.of(8), IntStream.of(question)))
                .toArray();
        int hidden = model.config().text().hiddenSize();
        var values = new float[soft * hidden];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i * 0.1 + brightness);
        }
        return new GenerationRequest(
                TokenSequence.of(model.config(), ids),
                List.of(new SoftTokens(values, soft, hidden)),
                List.of(key),
                SamplingSettings.GREEDY,
                new GenerationRequest.Limits(5, Set.of(), 0),
                TokenConstraint.NONE);
    }

    /** Requests of different lengths that run together give what each gives alone. */
    @Test
    void togetherIsAsAlone() {
        var alone = new ArrayList<int[]>();
        for (int i = 0; i < 4; i++) {
            try (var engine = engine(1, 0)) {
                alone.add(engine.submit(request(prompt(i, 10 + 40 * i), 12), SILENT)
                        .answer()
                        .join()
                        .tokens());
            }
        }
        try (var engine = engine(4, 4)) {
            var tickets = IntStream.range(0, 4)
                    .mapToObj(i -> engine.submit(request(prompt(i, 10 + 40 * i), 12), SILENT))
                    .toList();
            for (int i = 0; i < 4; i++) {
                assertThat(tickets.get(i).answer().join().tokens()).isEqualTo(alone.get(i));
            }
        }
    }

    /** A long answer that the next prompt leaves out, as a thought is left out: rings must still hold what is before it. */
    @ParameterizedTest
    @CsvSource({"0,0", "100,120"})
    void goesBackBehindALongAnswer(int back, int reused) {
        int[] first = prompt(1, 120);
        int[] second = prompt(1, 160);
        System.arraycopy(first, 0, second, 0, first.length);
        try (var engine = new AnswerEngine(model, new EngineSettings(1, 0, 400, 32, back, 1L << 30));
                var fresh = engine(1, 0)) {
            engine.submit(request(first, 80), SILENT).answer().join();
            var followed = engine.submit(request(second, 6), SILENT).answer().join();
            assertThat(followed.reused()).isEqualTo(reused);
            assertThat(followed.tokens())
                    .isEqualTo(fresh.submit(request(second, 6), SILENT)
                            .answer()
                            .join()
                            .tokens());
        }
    }

    /** A follow-up question is read from where it parts from what the session knows, with the same answer. */
    @Test
    void aFollowUpReadsOnlyWhatIsNew() {
        int[] first = prompt(1, 60);
        try (var engine = engine(1, 0);
                var fresh = engine(1, 0)) {
            int[] answer =
                    engine.submit(request(first, 6), SILENT).answer().join().tokens();
            int[] second = IntStream.concat(
                            IntStream.concat(IntStream.of(first), IntStream.of(answer)), IntStream.of(33, 44, 55))
                    .toArray();
            var followUp = engine.submit(request(second, 6), SILENT).answer().join();
            assertThat(followUp.reused()).isEqualTo(first.length + answer.length - 1);
            assertThat(followUp.tokens())
                    .isEqualTo(fresh.submit(request(second, 6), SILENT)
                            .answer()
                            .join()
                            .tokens());
        }
    }

    @Test
    void anImageIsKnownAgainByItsKeyAlone() {
        try (var engine = engine(1, 0)) {
            engine.submit(withImage(0, "a", 30, 31), SILENT).answer().join();
            assertThat(engine.submit(withImage(0, "a", 40, 41), SILENT)
                            .answer()
                            .join()
                            .reused())
                    .isGreaterThanOrEqualTo(18);
            var other =
                    engine.submit(withImage(2, "b", 40, 41), SILENT).answer().join();
            assertThat(other.reused()).isLessThanOrEqualTo(2);
            try (var fresh = engine(1, 0)) {
                var expected =
                        fresh.submit(withImage(2, "b", 40, 41), SILENT).answer().join();
                assertThat(other.tokens()).isEqualTo(expected.tokens());
            }
        }
    }

    @Test
    void cancellingEndsAnAnswerAndTheEngineGoesOn() throws InterruptedException {
        try (var engine = engine(1, 2)) {
            var begun = new CountDownLatch(1);
            var ticket = engine.submit(request(prompt(1, 8), 300), _ -> begun.countDown());
            begun.await();
            ticket.cancel().run();
            assertThat(ticket.answer().join().ending()).isEqualTo(Ending.CANCELLED);
            var next = engine.submit(request(prompt(2, 8), 3), SILENT).answer().join();
            assertThat(next.ending()).isEqualTo(Ending.LENGTH);
            assertThat(next.tokens()).hasSize(3);
        }
    }

    @Test
    void aStopTokenEndsTheAnswerAndIsNotPartOfIt() {
        try (var engine = engine(1, 0)) {
            int[] free = engine.submit(request(prompt(3, 20), 8), SILENT)
                    .answer()
                    .join()
                    .tokens();
            var limits = new GenerationRequest.Limits(8, Set.of(free[0]), 0);
            var stopping = new GenerationRequest(
                    TokenSequence.ofText(prompt(3, 20)),
                    List.of(),
                    List.of(),
                    SamplingSettings.GREEDY,
                    limits,
                    TokenConstraint.NONE);
            var answer = engine.submit(stopping, SILENT).answer().join();
            assertThat(answer.ending()).isEqualTo(Ending.STOP_TOKEN);
            assertThat(answer.tokens()).isEmpty();
        }
    }

    @Test
    void tooManyRequestsAndTooLongPromptsAreRefused() throws InterruptedException {
        try (var engine = engine(1, 0)) {
            var hold = new CountDownLatch(1);
            var begun = new CountDownLatch(1);
            var first = engine.submit(request(prompt(1, 8), 2), _ -> {
                begun.countDown();
                uninterruptibly(hold);
            });
            begun.await();
            var second = engine.submit(request(prompt(2, 8), 2), SILENT);
            assertThatThrownBy(() -> engine.submit(request(prompt(3, 8), 2), SILENT))
                    .isInstanceOf(BusyException.class);
            hold.countDown();
            first.answer().join();
            second.answer().join();
            assertThatThrownBy(() -> engine.submit(request(prompt(1, 400), 2), SILENT))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("400");
        }
    }

    @Test
    void aListenerThatThrowsEndsItsOwnAnswerAlone() {
        try (var engine = engine(2, 2)) {
            var broken = engine.submit(request(prompt(1, 8), 5), _ -> {
                throw new IllegalStateException("mine");
            });
            var sound = engine.submit(request(prompt(2, 8), 5), SILENT);
            assertThatThrownBy(() -> broken.answer().join()).hasRootCauseMessage("mine");
            assertThat(sound.answer().join().tokens()).hasSize(5);
        }
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
