package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import konsil.cli.Progress.Mode;
import konsil.cli.Progress.Unit;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong(-5);

    @Test
    void terminalRedrawsOneLine() {
        Progress progress = start(Mode.TERMINAL, 200, Unit.STEPS);
        after(10_000, progress, 50);
        progress.close();
        assertThat(text().split("\r", -1))
                .containsExactly(
                        "",
                        "pack [------------------------]   0 %  0 of 200  0 s\033[K",
                        "pack [######------------------]  25 %  50 of 200  10 s, 30 s left\033[K",
                        "pack [######------------------]  25 %  50 of 200  10 s, 30 s left\033[K"
                                + System.lineSeparator());
    }

    @Test
    void terminalIsNotFlooded() {
        Progress progress = start(Mode.TERMINAL, 1_000_000, Unit.STEPS);
        for (int i = 0; i < 1000; i++) after(1, progress, 1);
        assertThat(text().chars().filter(c -> c == '\r')).hasSize(11);
    }

    @Test
    void logGetsALineNowAndThenAndOneAtTheEnd() {
        Progress progress = start(Mode.PLAIN, 4L << 30, Unit.BYTES);
        after(4_999, progress, 1L << 30);
        assertThat(text()).isEmpty();
        after(1, progress, 1L << 30);
        after(60_000, progress, 2L << 30);
        progress.close();
        progress.close();
        assertThat(text().lines())
                .containsExactly(
                        "pack [############------------]  50 %  2.00 GiB of 4.00 GiB  5 s, 5 s left",
                        "pack [########################] 100 %  4.00 GiB of 4.00 GiB  1:05 min",
                        "pack [########################] 100 %  4.00 GiB of 4.00 GiB  1:05 min");
    }

    @Test
    void unknownTotalShowsNoBar() {
        Progress progress = start(Mode.PLAIN, 0, Unit.STEPS);
        after(6_000, progress, 7);
        assertThat(text().lines()).containsExactly("pack  7  6 s");
    }

    @Test
    void programsGetJson() {
        Progress progress = new Progress(Run.stream(bytes), Mode.JSON, "say \"a\"", 10, Unit.STEPS, clock::get);
        after(1_000, progress, 5);
        assertThat(text().lines())
                .containsExactly("{\"event\":\"progress\",\"label\":\"say \\\"a\\\"\",\"done\":5,\"total\":10,"
                        + "\"unit\":\"steps\",\"seconds\":1.0}");
    }

    @Test
    void silentSaysNothing() {
        Progress progress = start(Mode.SILENT, 10, Unit.STEPS);
        after(100_000, progress, 10);
        progress.close();
        assertThat(text()).isEmpty();
    }

    @Test
    void countsFromSeveralThreads() throws InterruptedException {
        Progress progress = start(Mode.PLAIN, 20_000, Unit.STEPS);
        Runnable counting = () -> {
            for (int i = 0; i < 10_000; i++) progress.add(1);
        };
        Thread other = Thread.ofVirtual().start(counting);
        counting.run();
        other.join();
        progress.close();
        assertThat(text()).contains("20000 of 20000");
    }

    private Progress start(Mode mode, long total, Unit unit) {
        return new Progress(Run.stream(bytes), mode, "pack", total, unit, clock::get);
    }

    private void after(long milliseconds, Progress progress, long amount) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(milliseconds));
        progress.add(amount);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
