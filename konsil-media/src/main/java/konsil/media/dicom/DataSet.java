package konsil.media.dicom;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import konsil.media.BadMediaException;

/**
 * Elements by their tags: a file's, or an item's of a sequence. Values are converted when they are asked for; an
 * element that is missing or empty has none.
 */
public final class DataSet {
    /** Bytes of one value that are still read into memory, pixels apart. */
    static final long MAX_VALUE = 1 << 28;

    private final TreeMap<Integer, DicomElement> elements = new TreeMap<>(Integer::compareUnsigned);
    private final Context context;
    private final Optional<DataSet> parent;
    private final long place;

    /** What all data sets of one file share. */
    record Context(String name, Warnings warnings) {
        BadMediaException bad(String what) {
            return new BadMediaException(name, what);
        }
    }

    DataSet(Context context, Optional<DataSet> parent) {
        this(context, parent, 0);
    }

    /** @param place of an item in its source, by which directories refer to it */
    DataSet(Context context, Optional<DataSet> parent, long place) {
        this.context = context;
        this.parent = parent;
        this.place = place;
    }

    long place() {
        return place;
    }

    void put(DicomElement element) {
        if (elements.put(element.tag(), element) != null) {
            context.warnings().add(Tag.show(element.tag()) + " is there twice; the last one counts");
        }
    }

    Context context() {
        return context;
    }

    /** All elements in the order of their tags. */
    public Collection<DicomElement> elements() {
        return Collections.unmodifiableCollection(elements.values());
    }

    public Optional<DicomElement> element(int tag) {
        return Optional.ofNullable(elements.get(tag));
    }

    public boolean has(int tag) {
        return elements.containsKey(tag);
    }

    /** The bytes as stored; none when the element is missing or a sequence. */
    public byte[] bytes(int tag) {
        DicomElement element = elements.get(tag);
        if (element == null || !(element.value() instanceof DicomElement.Stored(var span))) {
            return new byte[0];
        }
        if (span.length() > MAX_VALUE) {
            throw context.bad("%s is %d bytes long, the limit is %d".formatted(element, span.length(), MAX_VALUE));
        }
        return span.bytes();
    }

    /** Every value as text, without the spaces and zeros around it; empty values stay, so that places are kept. */
    public List<String> texts(int tag) {
        DicomElement element = elements.get(tag);
        return element == null ? List.of() : Values.texts(element, vr(element), bytes(tag), this);
    }

    /** The first value as text; none when the element is missing or this value empty. */
    public Optional<String> text(int tag) {
        return texts(tag).stream().findFirst().filter(text -> !text.isEmpty());
    }

    /**
     * Every value as a number; empty ones are left out.
     *
     * @throws BadMediaException when there is text that is no number
     */
    public double[] numbers(int tag) {
        DicomElement element = elements.get(tag);
        return element == null ? new double[0] : Values.numbers(element, vr(element), bytes(tag), this);
    }

    public OptionalDouble number(int tag) {
        double[] numbers = numbers(tag);
        return numbers.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(numbers[0]);
    }

    /** The first value as a whole number; none when missing, or no whole number of 32 bits. */
    public OptionalInt integer(int tag) {
        OptionalDouble number = number(tag);
        if (number.isEmpty() || number.getAsDouble() != (int) number.getAsDouble()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) number.getAsDouble());
    }

    /** The items of a sequence; none when it is missing or no sequence. */
    public List<DataSet> items(int tag) {
        DicomElement element = elements.get(tag);
        return switch (element == null ? null : element.value()) {
            case DicomElement.Items(var sets) -> sets;
            case DicomElement.Stored(var span)
            when element.vr() == Vr.UN && span.length() >= 8 ->
                new DicomReader(span.source(), context).itemsOfUnknown(span, this);
            case null, default -> List.of();
        };
    }

    /** The first item of a sequence. */
    public Optional<DataSet> item(int tag) {
        return items(tag).stream().findFirst();
    }

    /** Names of the character sets that count here: this set's own, or else those around it. */
    List<String> characterSets() {
        if (has(Tag.SPECIFIC_CHARACTER_SET)) {
            return Values.ascii(bytes(Tag.SPECIFIC_CHARACTER_SET));
        }
        return parent.isPresent() ? parent.get().characterSets() : List.of();
    }

    private boolean hasSignedPixels() {
        if (has(Tag.PIXEL_REPRESENTATION)) {
            return integer(Tag.PIXEL_REPRESENTATION).orElse(0) == 1;
        }
        return parent.isPresent() && parent.get().hasSignedPixels();
    }

    /** The VR by which a value is read: UN as the standard knows the element, XS as the pixels are. */
    private Vr vr(DicomElement element) {
        Vr vr = element.vr() == Vr.UN ? Dictionary.vr(element.tag()) : element.vr();
        return vr != Vr.XS ? vr : hasSignedPixels() ? Vr.SS : Vr.US;
    }

    /** The number of elements; no values. */
    @Override
    public String toString() {
        return "DataSet[%d elements]".formatted(elements.size());
    }
}
