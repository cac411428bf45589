package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import konsil.clinic.LiveEvent;
import konsil.clinic.dictation.DictationFormatter;
import konsil.clinic.dictation.DictationSettings;
import org.junit.jupiter.api.Test;

/** What a person at a terminal sees. */
final class LiveScreenTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private String shown(boolean raw, int columns, LiveEvent... events) {
        out.reset();
        var output = new Output(Run.stream(out), Run.stream(err), Progress.Mode.SILENT);
        var screen = new LiveText.Screen(output, raw, new DictationFormatter(DictationSettings.ALL), columns);
        List.of(events).forEach(screen);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void stableIsPlainTheTailGreyAndTheSegmentBecomesText() {
        var stable = new LiveEvent.Stable("the heart", 1);
        var tail = new LiveEvent.Tail(" is norm", 1.2);
        var end = new LiveEvent.SegmentEnd("the heart is normal {period}", "The heart is normal.", List.of(), 0, 2);
        assertThat(shown(false, 80, stable, tail, end))
                .endsWith("\r\033[KThe heart\033[90m is norm\033[0m\r\033[KThe heart is normal.\n");
        assertThat(shown(true, 80, stable, tail, end)).endsWith("\r\033[Kthe heart is normal {period}\n");
    }

    @Test
    void aLongLineShowsItsEndAndNothingIsACommandToTheTerminal() {
        String line = shown(true, 10, new LiveEvent.Stable("one two three four", 1), new LiveEvent.Tail(" five", 1));
        assertThat(line).endsWith("\r\033[Kfour\033[90m five\033[0m");
        assertThat(shown(true, 80, new LiveEvent.Tail("\033[2Jx\u0007", 1))).endsWith("\033[90m[2Jx\033[0m");
        shown(true, 80, new LiveEvent.Behind(3, 2));
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("behind, 3 looks left out");
    }
}
