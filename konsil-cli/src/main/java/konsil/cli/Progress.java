package konsil.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells a waiting person, or a waiting program, how far something has come. Safe to call from several threads; at most
 * ten updates a second reach a terminal, one in five seconds a log, one a second a program.
 */
public final class Progress implements AutoCloseable {
    /** Who reads it. */
    public enum Mode {
        /** One line that redraws itself. */
        TERMINAL(TimeUnit.MILLISECONDS.toNanos(100)),
        /** A new line now and then: logs, CI. */
        PLAIN(TimeUnit.SECONDS.toNanos(5)),
        /** One JSON object a line. */
        JSON(TimeUnit.SECONDS.toNanos(1)),
        /** Nothing. */
        SILENT(Long.MAX_VALUE);

        private final long pause;

        Mode(long pause) {
            this.pause = pause;
        }
    }

    /** What is counted. */
    public enum Unit {
        STEPS,
        BYTES
    }

    private static final int BAR = 24;
    private static final double NANOS = 1e9;

    private final PrintStream out;
    private final Mode mode;
    private final String label;
    private final long total;
    private final Unit unit;
    private final LongSupplier clock;
    private final long started;
    private final Thread onInterrupt; // Ctrl-C in the middle: the shell's prompt gets a line of its own
    private long done;
    private long shown;
    private boolean closed;

    /**
     * @param total what {@link #add} will have counted at the end; 0 or less if unknown
     * @param clock nanoseconds, only differences count
     */
    Progress(PrintStream out, Mode mode, String label, long total, Unit unit, LongSupplier clock) {
        this.out = out;
        this.mode = mode;
        this.label = label;
        this.total = total;
        this.unit = unit;
        this.clock = clock;
        this.started = clock.getAsLong();
        this.shown = started;
        this.onInterrupt = new Thread(out::println, "progress-line-end");
        if (mode == Mode.TERMINAL) {
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            show(started);
        }
    }

    /** Counts {@code amount} more as done. */
    public synchronized void add(long amount) {
        done += amount;
        long now = clock.getAsLong();
        if (!closed && now - shown >= mode.pause) show(now);
    }

    /** Shows the last state and ends the line; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        if (mode == Mode.SILENT) return;
        show(clock.getAsLong());
        if (mode == Mode.TERMINAL && keepFromExit()) out.println();
    }

    private boolean keepFromExit() {
        try {
            return Runtime.getRuntime().removeShutdownHook(onInterrupt);
        } catch (IllegalStateException exiting) {
            return false;
        }
    }

    private void show(long now) {
        shown = now;
        double seconds = (now - started) / NANOS;
        switch (mode) {
            case TERMINAL -> out.print("\r" + line(seconds) + "\033[K");
            case PLAIN -> out.println(line(seconds));
            case JSON -> out.println(json(seconds));
            case SILENT -> {}
        }
        out.flush();
    }

    private String line(double seconds) {
        String amount = total > 0 ? amount(done) + " of " + amount(total) : amount(done);
        if (total <= 0) return "%s  %s  %s".formatted(label, amount, time(seconds));
        double part = Math.min(1, (double) done / total);
        int full = (int) (part * BAR);
        String bar = "#".repeat(full) + "-".repeat(BAR - full);
        String left = done > 0 && done < total ? ", " + time(seconds * (total - done) / done) + " left" : "";
        return String.format(
                Locale.ROOT, "%s [%s] %3.0f %%  %s  %s%s", label, bar, part * 100, amount, time(seconds), left);
    }

    private String json(double seconds) {
        String text = Json.text(label);
        return String.format(
                Locale.ROOT,
                "{\"event\":\"progress\",\"label\":%s,\"done\":%d,\"total\":%d,\"unit\":\"%s\",\"seconds\":%.1f}",
                text,
                done,
                Math.max(0, total),
                unit.name().toLowerCase(Locale.ROOT),
                seconds);
    }

    private String amount(long count) {
        return unit == Unit.BYTES ? Sizes.text(count) : Long.toString(count);
    }

    private static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : "%d:%02d min".formatted(whole / 60, whole % 60);
    }
}
