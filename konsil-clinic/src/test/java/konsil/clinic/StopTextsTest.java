package konsil.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StopTextsTest {
    @Test
    void withoutStopsEverythingPassesAtOnce() {
        var stops = new StopTexts(List.of());
        assertThat(stops.accept("any text")).isEqualTo("any text");
        assertThat(stops.finish()).isEmpty();
        assertThat(stops.met()).isFalse();
    }

    @Test
    void aBeginningIsHeldBackUntilItIsNone() {
        var stops = new StopTexts(List.of("END"));
        assertThat(stops.accept("the E")).isEqualTo("the ");
        assertThat(stops.accept("N")).isEmpty();
        assertThat(stops.accept("tities")).isEqualTo("ENtities");
        assertThat(stops.accept(" EN")).isEqualTo(" ");
        assertThat(stops.finish()).isEqualTo("EN");
    }

    /** Against looking for the first stop text in the whole, however the whole comes in parts. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void partsDoNotMatter(long seed) {
        var random = new SplittableRandom(seed);
        for (int run = 0; run < 2000; run++) {
            String text = letters(random, random.nextInt(20));
            var wanted = List.of(letters(random, 1 + random.nextInt(4)), letters(random, 1 + random.nextInt(4)));
            var stops = new StopTexts(wanted);
            var passed = new StringBuilder();
            for (int at = 0; at < text.length(); ) {
                int to = Math.min(text.length(), at + 1 + random.nextInt(4));
                passed.append(stops.accept(text.substring(at, to)));
                at = to;
            }
            passed.append(stops.finish());
            int first = first(text, wanted);
            assertThat(stops.met()).as("%s in %s", wanted, text).isEqualTo(first >= 0);
            assertThat(passed.toString())
                    .as("%s in %s", wanted, text)
                    .isEqualTo(first < 0 ? text : text.substring(0, first));
        }
    }

    private static int first(String text, List<String> wanted) {
        for (int end = 1; end <= text.length(); end++) {
            String so = text.substring(0, end);
            var begins = wanted.stream()
                    .filter(so::endsWith)
                    .mapToInt(stop -> so.length() - stop.length())
                    .min();
            if (begins.isPresent()) {
                return begins.getAsInt();
            }
        }
        return -1;
    }

    private static String letters(SplittableRandom random, int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.nextInt(3)));
        }
        return text.toString();
    }
}
