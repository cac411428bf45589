package konsil.media.dicom;

import java.util.List;

/**
 * An element of a data set.
 *
 * @param tag group and element
 * @param vr as the file names it; where it does not, as the standard does
 * @param value nothing is read from the file before it is asked for, unless it is small
 */
public record DicomElement(int tag, Vr vr, Value value) {
    /** What an element holds. */
    public sealed interface Value {}

    /** Bytes of known length. */
    record Stored(Source.Span span) implements Value {}

    /** Data sets of a sequence. */
    record Items(List<DataSet> sets) implements Value {}

    /** Fragments of encapsulated pixels (PS3.5 annex A.4); the span begins with the first item. */
    record Fragments(Source.Span span) implements Value {}

    /** Bytes of the value; 0 for a sequence and for encapsulated pixels, whose length nobody wrote down. */
    public long length() {
        return value instanceof Stored(var span) ? span.length() : 0;
    }

    public boolean isSequence() {
        return value instanceof Items;
    }

    public boolean isEncapsulated() {
        return value instanceof Fragments;
    }

    /** The tag; no values. */
    @Override
    public String toString() {
        return Tag.show(tag);
    }
}
