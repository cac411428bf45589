package konsil.clinic;

import java.util.ArrayList;
import java.util.function.Consumer;
import konsil.medasr.Ctc;
import konsil.medasr.Emissions;
import konsil.medasr.FrameClock;
import konsil.medasr.Recogniser;
import konsil.medasr.decoding.Pieces;

/**
 * Speech between two pauses. The network runs over the last frames, cut on the grid that begins with the segment; each
 * frame is taken from the first run in which it is older than the lag, or from the last run of the segment.
 */
final class LiveSegment {
    /** What a segment hears with. */
    record Source(Transcriber transcriber, Transcriber.Ready ready, Recogniser recogniser, RecentSound sound) {
        FrameClock clock() {
            return recogniser.model().config().clock();
        }
    }

    private final Source source;
    private final LiveSettings settings;
    private final Consumer<LiveEvent> events;
    private final Listening heard;
    private final long from;
    private long looked;
    private String stable = "";
    private String tail = "";

    LiveSegment(Source source, LiveSettings settings, Consumer<LiveEvent> events, long from) {
        this.source = source;
        this.settings = settings;
        this.events = events;
        this.from = from;
        looked = from;
        heard = source.transcriber().listening(source.ready(), 1);
        events.accept(new LiveEvent.SegmentStart(seconds(from)));
    }

    private static double seconds(long sample) {
        return sample / (double) Transcriber.RATE;
    }

    /** Whether so many frames have come since the last look. */
    boolean due(long end, int frames) {
        return end - looked >= (long) frames * source.clock().step();
    }

    /** The first sample that a later look may want. */
    long needed() {
        return from + (long) first(frames(looked)) * source.clock().step();
    }

    /** Frames of the segment up to a sample. */
    private int frames(long end) {
        return source.clock().frames(Math.toIntExact(end - from));
    }

    /** Where the window of a look begins that ends with this frame. */
    private int first(int frames) {
        return Math.max(0, Math.min(frames - settings.window(), heard.frames()));
    }

    /** Looks at what has come. */
    void look(long end) {
        int skipped = (int) ((end - looked)
                        / ((long) settings.interval() * source.clock().step()))
                - 1;
        if (skipped > 0 && looked > from) {
            events.accept(new LiveEvent.Behind(skipped, seconds(end)));
        }
        int frames = frames(end);
        int first = first(frames);
        var emissions = run(first, end);
        int sure = Math.max(heard.frames(), frames - settings.lag());
        accept(emissions, first, sure);
        heard.settle(sure - settings.settle());
        looked = end;
        show(emissions.slice(Math.min(sure - first, emissions.frames()), emissions.frames()), end);
    }

    private Emissions run(int first, long end) {
        long start = from + (long) first * source.clock().step();
        return source.recogniser().emissions(source.sound().copy(start, end));
    }

    /** Takes the frames that were not taken yet, up to one. */
    private void accept(Emissions emissions, int first, int to) {
        int begin = heard.frames() - first;
        int stop = Math.min(to - first, emissions.frames());
        if (begin < stop) {
            heard.accept(emissions.slice(begin, stop));
        }
    }

    private void show(Emissions unsure, long end) {
        int[] ids = heard.stable();
        grow(source.transcriber().raw(source.ready(), ids), end);
        var all = new ArrayList<Integer>();
        for (int id : ids) all.add(id);
        for (int id : heard.tail()) all.add(id);
        for (int id : Ctc.greedy(unsure, Pieces.BLANK)) all.add(id);
        String text = source.transcriber()
                .raw(source.ready(), all.stream().mapToInt(id -> id).toArray());
        String now = text.startsWith(stable) ? text.substring(stable.length()) : "";
        if (!now.equals(tail)) {
            tail = now;
            events.accept(new LiveEvent.Tail(now, seconds(end)));
        }
    }

    /** Text that was given out is never taken back: what does not go on from it waits for the end of the segment. */
    private void grow(String text, long end) {
        if (text.length() > stable.length() && text.startsWith(stable)) {
            events.accept(new LiveEvent.Stable(text.substring(stable.length()), seconds(end)));
            stable = text;
        }
    }

    /** The speaker pauses. */
    void end(long end) {
        int frames = frames(Math.max(from, end));
        if (frames > heard.frames()) {
            int first = first(frames);
            accept(run(first, end), first, frames);
        }
        double start = seconds(from);
        var tokens = heard.finish(1).tokens().stream()
                .map(token ->
                        new HeardToken(token.id(), start + token.start(), start + token.end(), token.confidence()))
                .toList();
        var text = source.transcriber().text(source.ready(), tokens);
        grow(text.formatted().raw(), end);
        events.accept(new LiveEvent.SegmentEnd(
                text.formatted().raw(), text.formatted().text(), text.words(), start, seconds(end)));
    }
}
