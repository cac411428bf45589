package konsil.clinic;

import java.util.List;
import konsil.clinic.dictation.Formatted;

/** Text for readers with the times of its words, and those of the raw text. */
record TimedText(Formatted formatted, List<Transcript.Word> words, List<Transcript.Word> rawWords) {}
