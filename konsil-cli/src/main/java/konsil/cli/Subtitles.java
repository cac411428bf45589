package konsil.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import konsil.clinic.Transcript.Word;

/** Words with times as subtitles: SubRip, or WebVTT (W3C Candidate Recommendation of 4 April 2019). */
enum Subtitles {
    SRT,
    VTT;

    /** Characters of a cue; usual are two lines of 42. */
    private static final int LONGEST = 84;

    private static final double LONGEST_SECONDS = 6;
    private static final double PAUSE_SECONDS = 0.8;
    /** A sentence that ends sooner shares a cue with the next one. */
    private static final int SHORT = 20;

    private record Cue(double start, double end, String text) {}

    String of(List<Word> words) {
        var text = new StringBuilder(this == VTT ? "WEBVTT\n\n" : "");
        int number = 0;
        for (var cue : cues(words)) {
            number++;
            text.append(this == SRT ? number + "\n" : "")
                    .append(time(cue.start()))
                    .append(" --> ")
                    .append(time(cue.end()))
                    .append('\n')
                    .append(this == VTT ? escaped(cue.text()) : cue.text())
                    .append("\n\n");
        }
        return text.toString();
    }

    private static List<Cue> cues(List<Word> words) {
        var cues = new ArrayList<Cue>();
        int begin = 0;
        int length = 0;
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (i > begin && ends(words.get(begin), words.get(i - 1), word, length)) {
                cues.add(cue(words.subList(begin, i)));
                begin = i;
                length = 0;
            }
            length += word.text().length() + 1;
        }
        if (begin < words.size()) {
            cues.add(cue(words.subList(begin, words.size())));
        }
        return cues;
    }

    private static boolean ends(Word first, Word last, Word next, int length) {
        boolean sentence = last.text().matches(".*[.?!]") && length > SHORT;
        return sentence
                || next.start() - last.end() > PAUSE_SECONDS
                || next.end() - first.start() > LONGEST_SECONDS
                || length + next.text().length() > LONGEST;
    }

    private static Cue cue(List<Word> words) {
        return new Cue(
                words.getFirst().start(),
                words.getLast().end(),
                words.stream().map(Word::text).collect(Collectors.joining(" ")));
    }

    /** SubRip writes a comma where WebVTT has a point. */
    private String time(double seconds) {
        long millis = Math.round(seconds * 1000);
        String format = this == SRT ? "%02d:%02d:%02d,%03d" : "%02d:%02d:%02d.%03d";
        return String.format(
                Locale.ROOT, format, millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60, millis % 1000);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
