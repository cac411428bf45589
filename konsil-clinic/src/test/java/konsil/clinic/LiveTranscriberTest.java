package konsil.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konsil.medasr.decoding.Term;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Speech to text while it is spoken. The small model hears nonsense; what must hold, holds for nonsense, too. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LiveTranscriberTest {
    private static final int RATE = TestVoice.RATE;
    private static final Vocabulary TERMS =
            new Vocabulary(List.of(Term.of("carcinoma"), new Term("ACUTE", 2, "acute 96")), "");

    private OpenedTranscriber open;

    @BeforeAll
    void load() {
        open = new OpenedTranscriber(OpenedTranscriber.EXACT);
    }

    @AfterAll
    void close() {
        open.close();
    }

    private List<LiveEvent> events(float[] sound, int block, Vocabulary vocabulary) {
        var events = new ArrayList<LiveEvent>();
        try (var live = new LiveTranscriber(open.transcriber(), vocabulary, LiveSettings.DEFAULT, events::add)) {
            for (int at = 0; at < sound.length; at += block) {
                live.push(Arrays.copyOfRange(sound, at, Math.min(sound.length, at + block)));
            }
            live.finish();
        }
        return events;
    }

    /** A second of quiet, speech, a second of quiet, speech, quiet; some noise everywhere. */
    private static float[] twoUtterances() {
        float[] quiet = new float[RATE];
        float[] sound = TestVoice.joined(
                quiet,
                TestVoice.voice(5 * RATE),
                quiet,
                Arrays.copyOf(quiet, RATE / 2),
                TestVoice.voice(3 * RATE),
                quiet);
        float[] noise = TestVoice.noise(5, sound.length, 0.002);
        for (int i = 0; i < sound.length; i++) sound[i] += noise[i];
        return sound;
    }

    private static String stable(List<LiveEvent> events) {
        var text = new StringBuilder();
        for (var event : events) {
            if (event instanceof LiveEvent.Stable(String more, double _)) text.append(more);
        }
        return text.toString();
    }

    private static List<LiveEvent.SegmentEnd> segments(List<LiveEvent> events) {
        return events.stream()
                .filter(LiveEvent.SegmentEnd.class::isInstance)
                .map(LiveEvent.SegmentEnd.class::cast)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 1600, 7000, 40_000})
    void stableTextOnlyGrowsAndIsTheTextOfItsSegment(int block) {
        for (var vocabulary : List.of(Vocabulary.NONE, TERMS)) {
            var events = events(twoUtterances(), block, vocabulary);
            var segments = segments(events);
            assertThat(segments).hasSize(2);
            var grown = new ArrayList<LiveEvent>();
            int done = 0;
            for (var event : events) {
                grown.add(event);
                if (event instanceof LiveEvent.SegmentEnd end) {
                    assertThat(stable(grown)).isEqualTo(end.raw()).isNotEmpty();
                    assertThat(end.start()).isBetween(done == 0 ? 0.4 : 6.5, done == 0 ? 1.2 : 7.7);
                    assertThat(end.end()).isBetween(done == 0 ? 5.7 : 10.2, done == 0 ? 6.5 : 11.0);
                    assertThat(end.words()).allMatch(w -> w.start() >= end.start() && w.end() <= end.end());
                    grown.clear();
                    done++;
                }
            }
        }
    }

    @Test
    void wordsAreStableWithinASecondAndAHalf() {
        for (var vocabulary : List.of(Vocabulary.NONE, TERMS)) {
            var events = events(twoUtterances(), 800, vocabulary);
            var seen = new ArrayList<LiveEvent>();
            for (var end : segments(events)) {
                seen.clear();
                String raw = end.raw();
                var words = words(raw, end);
                for (var event : events.subList(startOf(events, end), events.indexOf(end))) {
                    seen.add(event);
                    if (event instanceof LiveEvent.Tail(String _, double at)) {
                        long old =
                                words.stream().filter(end1 -> end1 < at - 1.5).count();
                        long there = stable(seen).strip().split("\\s+").length;
                        assertThat(there).as("words stable at %s", at).isGreaterThanOrEqualTo(old);
                    }
                }
            }
        }
    }

    private static int startOf(List<LiveEvent> events, LiveEvent.SegmentEnd end) {
        int at = events.indexOf(end);
        while (!(events.get(at) instanceof LiveEvent.SegmentStart)) at--;
        return at;
    }

    /** Ends of words; nonsense has no marks, so formatted words are the raw ones. */
    private static List<Double> words(String raw, LiveEvent.SegmentEnd end) {
        assertThat(end.words()).hasSameSizeAs(raw.strip().split("\\s+"));
        return end.words().stream().map(Transcript.Word::end).toList();
    }

    /** The network has seen the whole segment at once then, as it does with a file. */
    @Test
    void aSegmentThatIsHandedOverAtOnceIsTheFilesText() {
        float[] sound = twoUtterances();
        var events = events(sound, sound.length, Vocabulary.NONE);
        for (var end : segments(events)) {
            float[] part =
                    Arrays.copyOfRange(sound, (int) Math.round(end.start() * RATE), (int) Math.round(end.end() * RATE));
            var file = open.transcribe(part, TranscribeListener.SILENT);
            assertThat(end.raw()).isEqualTo(file.raw());
            assertThat(end.text()).isEqualTo(file.text());
        }
        assertThat(events).noneMatch(LiveEvent.Behind.class::isInstance);
    }

    @Test
    void noTextFromSilenceNoiseOrHum() {
        int count = 6 * RATE;
        for (float[] sound : List.of(
                new float[count],
                TestVoice.noise(1, count, 0.1),
                TestVoice.noise(2, count, 0.005),
                TestVoice.hum(50, count),
                TestVoice.hum(120, count),
                TestVoice.fan(3, count))) {
            assertThat(events(sound, 1600, Vocabulary.NONE)).isEmpty();
        }
    }

    @Test
    void whoPushesLateIsToldAndMissesNothing() {
        float[] sound = TestVoice.joined(new float[RATE], TestVoice.voice(20 * RATE), new float[RATE]);
        var events = events(sound, 3 * RATE, Vocabulary.NONE);
        assertThat(events).anyMatch(e -> e instanceof LiveEvent.Behind(int skipped, double _) && skipped >= 5);
        var end = segments(events).getLast();
        assertThat(segments(events)).hasSize(1);
        assertThat(end.end() - end.start()).isGreaterThan(19.5);
        assertThat(stable(events)).isEqualTo(end.raw());
        assertThat(events(sound, 1600, Vocabulary.NONE)).noneMatch(LiveEvent.Behind.class::isInstance);
    }

    @Test
    void pauseEndsASegmentAndHearsNothingUntilResumed() {
        float[] voice = TestVoice.voice(3 * RATE);
        var events = new ArrayList<LiveEvent>();
        try (var live = new LiveTranscriber(open.transcriber(), Vocabulary.NONE, LiveSettings.DEFAULT, events::add)) {
            live.push(voice);
            live.pause();
            assertThat(live.paused()).isTrue();
            assertThat(segments(events)).hasSize(1);
            int before = events.size();
            live.push(voice);
            live.pause();
            assertThat(events).hasSize(before);
            live.resume();
            live.push(voice);
            live.finish();
            live.finish();
        }
        var segments = segments(events);
        assertThat(segments).hasSize(2);
        assertThat(segments.getLast().start()).isBetween(5.9, 6.9);
        assertThat(segments.getLast().end()).isBetween(8.5, 9.0);
    }
}
