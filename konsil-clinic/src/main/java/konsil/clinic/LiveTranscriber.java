package konsil.clinic;

import java.util.Optional;
import java.util.function.Consumer;
import konsil.medasr.Recogniser;
import konsil.media.audio.VoiceActivity;

/**
 * Writes speech down while it is spoken. Sound is cut into segments where somebody speaks; nothing else reaches the
 * network. While a segment lasts, the network looks again and again at its last seconds; what is old enough becomes
 * stable and never changes, what is newer is shown as a tail. For one thread; what it keeps does not grow with the
 * sound, apart from the text of the segment.
 */
public final class LiveTranscriber implements AutoCloseable {
    /** Voice is looked for in steps of 0.1 s. */
    private static final int STEP = Transcriber.RATE / 10;
    /** Sound that is kept while nobody speaks, since the beginning of speech is known a little later. */
    private static final int BEFORE = 3 * Transcriber.RATE;

    private final Transcriber transcriber;
    private final LiveSettings settings;
    private final Consumer<LiveEvent> events;
    private final Transcriber.Ready ready;
    private final Recogniser recogniser;
    private final RecentSound recent = new RecentSound();
    private VoiceActivity activity;
    /** Where what the voice activity has heard begins. */
    private long base;

    private Optional<LiveSegment> segment = Optional.empty();
    private boolean paused;

    /** @param events is called from {@link #push}, {@link #pause} and {@link #finish} */
    public LiveTranscriber(
            Transcriber transcriber, Vocabulary vocabulary, LiveSettings settings, Consumer<LiveEvent> events) {
        this.transcriber = transcriber;
        this.settings = settings;
        this.events = events;
        ready = transcriber.ready(vocabulary);
        recogniser = transcriber.recogniser();
        activity = new VoiceActivity(settings.voice());
    }

    /**
     * All sound that has come since the last call. The network looks at it once, or more often where it is longer than
     * what it looks at together, so whoever hands over what has piled up never falls further behind.
     *
     * @param samples -1 to 1, 16 kHz, one channel
     */
    public void push(float[] samples) {
        if (paused) {
            recent.skip(samples.length);
            return;
        }
        for (int at = 0; at < samples.length; at += STEP) {
            int to = Math.min(samples.length, at + STEP);
            recent.add(samples, at, to);
            var ended = activity.push(samples, at, to);
            for (var speech : ended) {
                begin(base + speech.from());
                end(base + speech.to());
            }
            activity.speechStart().ifPresent(start -> begin(base + start));
            lookIfDue(settings.window() - settings.lag());
        }
        lookIfDue(settings.interval());
        long needed = segment.map(LiveSegment::needed).orElse(Long.MAX_VALUE);
        recent.forget(Math.min(needed, recent.end() - BEFORE));
    }

    private void lookIfDue(int frames) {
        segment.filter(speech -> speech.due(recent.end(), frames)).ifPresent(speech -> speech.look(recent.end()));
    }

    private void begin(long from) {
        if (segment.isEmpty()) {
            var source = new LiveSegment.Source(transcriber, ready, recogniser, recent);
            segment = Optional.of(new LiveSegment(source, settings, events, from));
        }
    }

    private void end(long to) {
        segment.ifPresent(speech -> speech.end(Math.min(to, recent.end())));
        segment = Optional.empty();
    }

    /** Nothing is heard from here on; what is being said ends here. */
    public void pause() {
        finish();
        paused = true;
    }

    /** Listens again. Time went on. */
    public void resume() {
        paused = false;
        base = recent.end();
    }

    public boolean paused() {
        return paused;
    }

    /** The sound has ended, for now. */
    public void finish() {
        activity.finish().ifPresent(speech -> {
            begin(base + speech.from());
            end(base + speech.to());
        });
        activity = new VoiceActivity(settings.voice());
        base = recent.end();
    }

    @Override
    public void close() {
        recogniser.close();
    }
}
