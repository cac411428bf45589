package konsil.media.dicom;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import konsil.media.dicom.DicomElement.Fragments;
import konsil.media.dicom.DicomElement.Items;
import konsil.media.dicom.DicomElement.Stored;
import konsil.media.dicom.Source.Span;

/**
 * Reads data sets (PS3.5 chapter 7). Values beyond a few bytes stay where they are. What contradicts the standard but
 * can be understood is warned of; sequences may be 32 deep, a file may have a million elements.
 */
final class DicomReader {
    static final long UNDEFINED = 0xFFFFFFFFL;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_ELEMENTS = 1_000_000;
    private static final int KEPT = 1024;

    private final Window in;
    private final DataSet.Context context;
    private long at;
    private int elements;

    DicomReader(Source source, DataSet.Context context) {
        this.in = new Window(source);
        this.context = context;
    }

    /** Where the next element begins. */
    long at() {
        return at;
    }

    /** The data set from a place to the end, or to encapsulated pixels, behind which nothing of use comes. */
    DataSet readAll(Encoding encoding, long from) {
        at = from;
        var set = new DataSet(context, Optional.empty());
        while (at + 8 <= in.size()) {
            int tag = in.tag(at, encoding.bigEndian());
            if (tag == 0 && isPadding()) {
                break;
            }
            if (isDelimiter(tag)) {
                context.warnings().add("an item ends where none has begun");
                at += 8;
                continue;
            }
            DicomElement element = element(encoding, in.size(), set, 0);
            set.put(element);
            if (element.isEncapsulated() && tag == Tag.PIXEL_DATA) {
                return set;
            }
        }
        if (at < in.size()) {
            context.warnings().add("bytes follow the last element");
        }
        return set;
    }

    /** The elements of group 0002 from a place, which are always explicit little endian. */
    DataSet readMeta(long from) {
        at = from;
        var set = new DataSet(context, Optional.empty());
        Encoding encoding = Encoding.EXPLICIT_LITTLE;
        while (at + 8 <= in.size() && in.u16(at, false) == 2) {
            set.put(element(encoding, in.size(), set, 0));
        }
        return set;
    }

    /** The items that an element of unknown VR holds (PS3.5 section 6.2.2); none when it holds something else. */
    List<DataSet> itemsOfUnknown(Span span, DataSet set) {
        at = span.offset();
        if (in.tag(at, false) != Tag.ITEM) {
            return List.of();
        }
        return items(Encoding.IMPLICIT_LITTLE, span.offset() + span.length(), set, 1);
    }

    private boolean isPadding() {
        for (long place = at; place < Math.min(in.size(), at + 64); place++) {
            if (in.u8(place) != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDelimiter(int tag) {
        return tag == Tag.ITEM || tag == Tag.ITEM_END || tag == Tag.SEQUENCE_END;
    }

    private DicomElement element(Encoding encoding, long end, DataSet set, int depth) {
        if (++elements > MAX_ELEMENTS) {
            throw context.bad("has more than %d elements".formatted(MAX_ELEMENTS));
        }
        boolean big = encoding.bigEndian();
        int tag = in.tag(at, big);
        Optional<Vr> named = encoding.explicit() ? Vr.of(in.u8(at + 4), in.u8(at + 5)) : Optional.empty();
        boolean unknownLetters = named.isEmpty() && encoding.explicit() && hasLetters(at + 4);
        Vr vr = unknownLetters ? Vr.UN : named.orElseGet(() -> Dictionary.vr(tag));
        long length;
        if (named.isEmpty() && !unknownLetters) {
            if (encoding.explicit()) {
                context.warnings().add(Tag.show(tag) + " has no VR in a file with explicit VR");
            }
            length = in.u32(at + 4, big);
            at += 8;
        } else if (vr.hasLongLength()) {
            length = in.u32(at + 8, big);
            at += 12;
        } else {
            length = in.u16(at + 6, big);
            at += 8;
        }
        at = Math.min(at, end);
        return length == UNDEFINED
                ? undefined(new Head(tag, vr), encoding, end, new Place(set, depth))
                : defined(new Head(tag, vr), length, encoding, end, new Place(set, depth));
    }

    private record Head(int tag, Vr vr) {}

    private record Place(DataSet set, int depth) {}

    /** Two capitals: a VR of a later edition of the standard, written as UN is. */
    private boolean hasLetters(long place) {
        int first = in.u8(place);
        int second = in.u8(place + 1);
        return first >= 'A' && first <= 'Z' && second >= 'A' && second <= 'Z';
    }

    private DicomElement defined(Head head, long length, Encoding encoding, long end, Place place) {
        long there = Math.min(length, end - at);
        if (there < length) {
            context.warnings().add(Tag.show(head.tag()) + " reaches beyond the end; what is there is taken");
        }
        if (head.vr() == Vr.SQ) {
            if (there == 0 || there >= 8 && isDelimiter(in.tag(at, encoding.bigEndian()))) {
                long stop = at + there;
                var items = items(encoding, stop, place.set(), place.depth() + 1);
                at = stop;
                return new DicomElement(head.tag(), Vr.SQ, new Items(items));
            }
            context.warnings().add(Tag.show(head.tag()) + " is no sequence; its bytes are kept");
        }
        Span span = there <= KEPT
                ? new Span(new Source.Memory(in.copy(at, (int) there)), 0, there, encoding.bigEndian())
                : new Span(in.source(), at, there, encoding.bigEndian());
        at += there;
        return new DicomElement(head.tag(), head.vr(), new Stored(span));
    }

    private DicomElement undefined(Head head, Encoding encoding, long end, Place place) {
        boolean pixels =
                head.tag() == Tag.PIXEL_DATA || head.vr() == Vr.OB || head.vr() == Vr.OW && !Tag.isPrivate(head.tag());
        if (pixels) {
            var span = new Span(in.source(), at, end - at, encoding.bigEndian());
            if (head.tag() != Tag.PIXEL_DATA || place.depth() > 0) {
                skipFragments(encoding, end);
            }
            return new DicomElement(head.tag(), head.vr(), new Fragments(span));
        }
        // Items of unknown VR are implicit little endian whatever the file is (PS3.5 section 6.2.2 note 2).
        Encoding inside = head.vr() == Vr.UN && encoding.explicit() ? insideUnknown(encoding) : encoding;
        var items = items(inside, end, place.set(), place.depth() + 1);
        return new DicomElement(head.tag(), Vr.SQ, new Items(items));
    }

    /** Some writers keep explicit VR inside; the first element of the first item tells. */
    private Encoding insideUnknown(Encoding encoding) {
        boolean named = Vr.of(in.u8(at + 12), in.u8(at + 13)).isPresent();
        return named ? encoding : Encoding.IMPLICIT_LITTLE;
    }

    private void skipFragments(Encoding encoding, long end) {
        while (at + 8 <= end) {
            int tag = in.tag(at, encoding.bigEndian());
            long length = in.u32(at + 4, encoding.bigEndian());
            at = Math.min(end, at + 8 + (tag == Tag.ITEM ? length : 0));
            if (tag != Tag.ITEM) {
                return;
            }
        }
    }

    private List<DataSet> items(Encoding encoding, long end, DataSet parent, int depth) {
        if (depth > MAX_DEPTH) {
            throw context.bad("has sequences that are more than %d deep".formatted(MAX_DEPTH));
        }
        var items = new ArrayList<DataSet>();
        while (at + 8 <= end) {
            int tag = in.tag(at, encoding.bigEndian());
            long length = in.u32(at + 4, encoding.bigEndian());
            if (tag == Tag.SEQUENCE_END) {
                at += 8;
                return items;
            }
            if (tag == Tag.ITEM_END) {
                at += 8;
                continue;
            }
            if (tag != Tag.ITEM) {
                context.warnings().add("a sequence does not end; it is taken to end at " + Tag.show(tag));
                return items;
            }
            at += 8;
            long stop = length == UNDEFINED ? end : Math.min(end, at + length);
            items.add(item(encoding, stop, parent, depth));
            at = length == UNDEFINED ? at : stop;
        }
        return items;
    }

    private DataSet item(Encoding encoding, long end, DataSet parent, int depth) {
        if (++elements > MAX_ELEMENTS) {
            throw context.bad("has more than %d elements".formatted(MAX_ELEMENTS));
        }
        var set = new DataSet(context, Optional.of(parent), at - 8);
        while (at + 8 <= end) {
            int tag = in.tag(at, encoding.bigEndian());
            if (tag == Tag.ITEM_END) {
                at += 8;
                return set;
            }
            if (isDelimiter(tag)) {
                return set;
            }
            set.put(element(encoding, end, set, depth));
        }
        at = Math.min(at, end);
        return set;
    }
}
