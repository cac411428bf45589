package konsil.clinic.dictation;

/** The parts of formatting that can be left out, each on its own; docs/dictation.md has their tables. */
public enum Rule {
    /** Commands in braces become marks and line breaks. */
    COMMANDS,
    /** Commands and headings with missing, doubled or misplaced brackets are read as what they were meant to be. */
    REPAIRS,
    /** Headings in square brackets get lines of their own. */
    HEADINGS,
    /** Sentences begin with a capital letter. */
    CAPITALS,
    /** "Scratch that" takes back what was said. */
    SCRATCH_THAT,
    /** Numbers, quantities with units, ranges, dimensions and ages. */
    NUMBERS,
    /** Calendar dates. */
    DATES,
    /** "120 over 80". */
    BLOOD_PRESSURE,
    /** Levels of the spine. */
    VERTEBRAE,
    /** TNM, stages, grades, scores. */
    STAGES
}
