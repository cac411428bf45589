package konsil.cli;

import java.util.function.Consumer;
import konsil.clinic.LiveEvent;
import konsil.clinic.Transcriber;
import konsil.clinic.dictation.DictationFormatter;

/** Shows what is being said. */
interface LiveText extends Consumer<LiveEvent> {
    /** The last word is said: leaves the terminal in order. */
    default void end() {}

    /** JSON lines, unless a person looks on. */
    static LiveText of(Output output, boolean json, boolean raw, Transcriber transcriber) {
        boolean person = System.getProperty("konsil.output", "").equals("terminal");
        return json || !person ? new Lines(output) : new Screen(output, raw, transcriber.formatter(), columns());
    }

    private static int columns() {
        String columns = System.getenv().getOrDefault("COLUMNS", "80");
        return columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : 80;
    }

    /** Every event is a JSON object on a line of its own. */
    record Lines(Output output) implements LiveText {
        @Override
        public void accept(LiveEvent event) {
            output.out().println(Json.line(event.fields()));
            output.out().flush();
        }
    }

    /**
     * One line that is drawn anew: what is stable plain, what may change grey; the end of it, where it is longer than
     * the terminal is wide. When the speaker pauses it becomes text.
     */
    final class Screen implements LiveText {
        private static final String CLEAR = "\r\033[K";
        private static final String GREY = "\033[90m";
        private static final String PLAIN = "\033[0m";

        private final Output output;
        private final boolean raw;
        private final DictationFormatter formatter;
        private final int columns;
        private String stable = "";
        private String tail = "";

        Screen(Output output, boolean raw, DictationFormatter formatter, int columns) {
            this.output = output;
            this.raw = raw;
            this.formatter = formatter;
            this.columns = columns;
        }

        @Override
        public void accept(LiveEvent event) {
            switch (event) {
                case LiveEvent.SegmentStart _ -> draw();
                case LiveEvent.Stable(String more, double _) -> {
                    stable += more;
                    tail = tail.startsWith(more) ? tail.substring(more.length()) : "";
                    draw();
                }
                case LiveEvent.Tail(String next, double _) -> {
                    tail = next;
                    draw();
                }
                case LiveEvent.SegmentEnd segment -> {
                    stable = "";
                    tail = "";
                    String text = raw ? segment.raw() : segment.text();
                    print(CLEAR + (text.isBlank() ? "" : harmless(text, "\n") + "\n"));
                }
                case LiveEvent.Behind(int skipped, double _) ->
                    output.err()
                            .print("%skonsil: this machine is behind, %d looks were left out%n"
                                    .formatted(CLEAR, skipped));
            }
        }

        private void draw() {
            String sure = harmless(raw ? stable : formatter.format(stable).text(), " | ");
            String all = harmless(
                    raw ? stable + tail : formatter.format(stable + tail).text(), " | ");
            int same = common(sure, all);
            int from = Math.max(0, all.length() - columns + 1);
            String grey = all.substring(Math.max(same, from));
            print(CLEAR + all.substring(Math.min(from, same), same) + GREY + grey + PLAIN);
        }

        /** Up to here the text with the tail is that without it. */
        private static int common(String sure, String all) {
            int same = 0;
            while (same < Math.min(sure.length(), all.length()) && sure.charAt(same) == all.charAt(same)) {
                same++;
            }
            return same;
        }

        /** What the model writes is no command to the terminal. */
        private static String harmless(String text, String lineEnd) {
            return text.replace("\n", lineEnd).replaceAll("[\\p{Cntrl}&&[^\n]]", "");
        }

        private void print(String text) {
            output.out().print(text);
            output.out().flush();
        }

        @Override
        public void end() {
            print(CLEAR);
        }
    }
}
