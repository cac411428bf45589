package konsil.clinic.dictation;

import java.util.List;
import konsil.tensor.BadInputException;

/**
 * Turns dictation as MedASR writes it down, with spoken commands in braces, headings in square brackets and numbers in
 * words, into text for readers. The raw text stays beside it. docs/dictation.md has the rules as tables.
 *
 * <p>No word is lost: each is kept, or rewritten as a number phrase, or taken back by "scratch that", and a span says
 * which. Formatting a text that grows changes nothing before the last end of a sentence in the earlier text, unless
 * "scratch that" or the heading's colon reaches back.
 *
 * <p>Immutable, for any number of threads.
 */
public final class DictationFormatter {
    /** UTF-16 units of text at once: a day of dictation is about a million. */
    public static final int LONGEST = 4_000_000;

    private final DictationSettings settings;
    private final Phrases phrases;

    public DictationFormatter(DictationSettings settings) {
        this.settings = settings;
        phrases = new Phrases(settings);
    }

    /**
     * Formats one text.
     *
     * @param raw the pieces of MedASR's answer, joined
     * @throws BadInputException if the text is longer than {@link #LONGEST}
     */
    public Formatted format(String raw) {
        if (raw.length() > LONGEST) {
            throw new BadInputException("dictation: want at most %d characters at once, got %d; format it in parts"
                    .formatted(LONGEST, raw.length()));
        }
        List<Token> tokens = DictationScanner.scan(raw, settings);
        if (settings.has(Rule.SCRATCH_THAT)) tokens = ScratchThat.apply(tokens);
        return new TextWriter(phrases.apply(tokens), settings.has(Rule.CAPITALS)).write(raw);
    }
}
