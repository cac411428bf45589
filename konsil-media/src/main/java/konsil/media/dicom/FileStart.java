package konsil.media.dicom;

import java.util.Optional;

/** Finds where a file's data set begins and how it is written (PS3.10 chapter 7), whether or not the file says so. */
final class FileStart {
    private static final int PREAMBLE = 128;
    private static final int MOST_JUNK = 16;
    private static final String MAGIC = "DICM";

    private static final int GZIP = 0x8B1F;

    private final DataSet.Context context;
    private final Source source;
    private final Window in;

    FileStart(DataSet.Context context, Source source) {
        this.context = context;
        this.source = source;
        this.in = new Window(source, 1 << 12);
    }

    DicomFile open() {
        if (in.u16(0, false) == GZIP) {
            return new FileStart(context, new Source.Memory(Inflation.gunzip(packed(0), context))).open();
        }
        long start = start();
        if (in.u16(start, false) == 2) {
            return withMeta(start);
        }
        context.warnings().add("has no meta header; the transfer syntax is taken from the bytes");
        return withoutMeta(new DataSet(context, Optional.empty()), source, start, "");
    }

    private byte[] packed(long from) {
        long count = source.size() - from;
        if (count > Inflation.MAX_BYTES) {
            throw context.bad("is packed and %d bytes long, the limit is %d".formatted(count, Inflation.MAX_BYTES));
        }
        return new Source.Span(source, from, count, false).bytes();
    }

    private long start() {
        if (magicAt(PREAMBLE)) {
            return (long) PREAMBLE + MAGIC.length();
        }
        if (magicAt(0)) {
            context.warnings().add("has no preamble");
            return MAGIC.length();
        }
        if (in.u16(0, false) == 2 && in.u16(2, false) < 0x200
                || Encoding.guess(in, 0).fits(in, 0)) {
            return 0;
        }
        if (Encoding.guess(in, PREAMBLE).fits(in, PREAMBLE)) {
            context.warnings().add("has no DICM behind its preamble");
            return PREAMBLE;
        }
        for (int at = 1; at < MOST_JUNK; at++) {
            Encoding seen = Encoding.guess(in, at);
            if (seen.explicit() && in.u16(at, seen.bigEndian()) == 8 && seen.fits(in, at)) {
                context.warnings().add("has %d bytes before its first element".formatted(at));
                return at;
            }
        }
        throw context.bad("is no DICOM file: want DICM at byte 128, or a data element at the start");
    }

    private boolean magicAt(long at) {
        for (int i = 0; i < MAGIC.length(); i++) {
            if (in.u8(at + i) != MAGIC.charAt(i)) {
                return false;
            }
        }
        return at + MAGIC.length() <= in.size();
    }

    private DicomFile withMeta(long start) {
        var reader = new DicomReader(source, context);
        DataSet meta = reader.readMeta(start);
        String syntax = meta.text(Tag.TRANSFER_SYNTAX_UID).orElse("");
        if (TransferSyntax.of(syntax) == TransferSyntax.DEFLATED) {
            // Some files say deflated and are not.
            boolean plain = Encoding.guess(in, reader.at()).fits(in, reader.at());
            if (!plain) {
                byte[] inflated = Inflation.inflate(packed(reader.at()), Inflation.MAX_BYTES, context);
                return withoutMeta(meta, new Source.Memory(inflated), 0, syntax);
            }
        }
        return withoutMeta(meta, source, reader.at(), syntax);
    }

    /** @param declared the transfer syntax of the meta header; empty when there is none */
    private DicomFile withoutMeta(DataSet meta, Source data, long from, String declared) {
        Encoding encoding = encoding(new Window(data, 1 << 12), from, declared);
        DataSet set = new DicomReader(data, context).readAll(encoding, from);
        if (set.elements().isEmpty() && meta.elements().isEmpty()) {
            throw context.bad("holds no data element");
        }
        return new DicomFile(context, meta, set, syntax(declared, encoding, set));
    }

    private Encoding encoding(Window data, long from, String declared) {
        TransferSyntax known = TransferSyntax.of(declared);
        Encoding said = known.encoding();
        if (from + 8 > data.size()) {
            return said;
        }
        Encoding seen = Encoding.guess(data, from);
        if (said.equals(seen) && known != TransferSyntax.UNKNOWN || !seen.fits(data, from)) {
            return said;
        }
        if (known != TransferSyntax.UNKNOWN) {
            context.warnings().add("the transfer syntax says %s, the bytes are %s".formatted(said, seen));
        }
        return seen;
    }

    private String syntax(String declared, Encoding encoding, DataSet set) {
        TransferSyntax known = TransferSyntax.of(declared);
        boolean encapsulated = set.element(Tag.PIXEL_DATA).stream().anyMatch(DicomElement::isEncapsulated);
        if (known == TransferSyntax.UNKNOWN && !declared.isEmpty()) {
            return declared;
        }
        if (encapsulated) {
            return declared;
        }
        if (known.isEncapsulated() && set.has(Tag.PIXEL_DATA)) {
            context.warnings().add("the transfer syntax says compressed, the pixels are not encapsulated");
        } else if (known != TransferSyntax.UNKNOWN && known.encoding().equals(encoding)) {
            return declared;
        }
        return TransferSyntax.plain(encoding).uid();
    }
}
