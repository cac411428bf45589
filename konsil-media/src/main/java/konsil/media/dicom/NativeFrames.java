package konsil.media.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import konsil.media.dicom.DicomElement.Stored;
import konsil.media.dicom.Source.Span;

/** Pixels that are not compressed (PS3.5 section 8.1 and annex D): words one after the other, frames without a gap. */
final class NativeFrames {
    private final DataSet.Context context;
    private final PixelLayout layout;
    private final DicomElement element;
    private final Span span;
    private final boolean bigEndian;
    private final boolean halfColours;

    NativeFrames(DicomFile file, PixelLayout layout, DicomElement element) {
        this(file, layout, element, ((Stored) element.value()).span());
    }

    NativeFrames(DicomFile file, PixelLayout layout, DicomElement element, Span span) {
        this.context = file.context();
        this.layout = layout;
        this.element = element;
        this.span = span;
        this.bigEndian = span.bigEndian() || file.transferSyntax().equals(TransferSyntax.IMPLICIT_BIG.uid());
        boolean named = layout.photometric().endsWith("_422") && layout.bitsAllocated() == 8;
        // Files exist that say 4:2:2 and have all colours.
        this.halfColours = named
                && layout.samplesPerPixel() == 3
                && span.length() < layout.frames() * ((long) layout.frameSamples() * layout.bitsAllocated() / 8);
    }

    private long frameBits() {
        long bits = halfColours
                ? 32L * layout.rows() * ((layout.columns() + 1) / 2)
                : (long) layout.frameSamples() * layout.bitsAllocated();
        return bits;
    }

    /** Whole frames that are there, at most those declared; at least one, so that what is cut off gets its message. */
    int frames() {
        return Math.clamp(span.length() * 8 / frameBits(), 1, layout.frames());
    }

    StoredFrame frame(int frame) {
        long firstBit = frame * frameBits();
        long first = firstBit / 8;
        long end = (firstBit + frameBits() + 7) / 8;
        if (end > span.length()) {
            throw context.bad("%s has %d bytes, frame %d needs %d: the file is cut off or describes its pixels wrongly"
                    .formatted(element, span.length(), frame + 1, end));
        }
        byte[] bytes = swapsPairs()
                ? swapped(first, end)
                : span.part(first, end - first).bytes();
        if (halfColours) {
            return stored(new Samples.Bytes(fullColours(bytes)), "YBR_FULL", false);
        }
        return stored(samples(bytes, (int) (firstBit % 8)), layout.photometric(), layout.planar());
    }

    /** Words of 16 bits in big endian that hold pixels of 8. */
    private boolean swapsPairs() {
        return bigEndian && layout.bitsAllocated() <= 8 && element.vr() == Vr.OW;
    }

    private byte[] swapped(long first, long end) {
        long even = first & ~1L;
        byte[] pairs =
                span.part(even, Math.min(span.length(), end + 1 & ~1L) - even).bytes();
        byte[] bytes = new byte[(int) (end - first)];
        for (int i = 0; i < bytes.length; i++) {
            int from = (int) (first - even + i) ^ 1;
            bytes[i] = from < pairs.length ? pairs[from] : 0;
        }
        return bytes;
    }

    private StoredFrame stored(Samples samples, String photometric, boolean planar) {
        return new StoredFrame(layout.woven(photometric), planar ? Planes.woven(samples, layout) : samples);
    }

    private Samples samples(byte[] bytes, int firstBit) {
        ByteBuffer words = ByteBuffer.wrap(bytes).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int count = layout.frameSamples();
        return switch (layout.bitsAllocated()) {
            case 8 -> new Samples.Bytes(bytes);
            case 16 -> {
                short[] shorts = new short[count];
                words.asShortBuffer().get(shorts);
                yield new Samples.Shorts(shorts);
            }
            case 32 -> words32(words, count);
            case 64 -> words64(words, count);
            default -> packed(bytes, firstBit);
        };
    }

    private Samples words32(ByteBuffer words, int count) {
        if (element.tag() == Tag.FLOAT_PIXEL_DATA) {
            float[] floats = new float[count];
            words.asFloatBuffer().get(floats);
            return new Samples.Floats(floats);
        }
        int[] ints = new int[count];
        words.asIntBuffer().get(ints);
        return new Samples.Ints(ints);
    }

    private Samples words64(ByteBuffer words, int count) {
        if (element.tag() != Tag.DOUBLE_FLOAT_PIXEL_DATA) {
            throw context.bad(Tag.show(Tag.BITS_ALLOCATED) + " is 64: whole numbers of 64 bits are not read");
        }
        double[] doubles = new double[count];
        words.asDoubleBuffer().get(doubles);
        return new Samples.Doubles(doubles);
    }

    /** Words of any number of bits up to 16, the lowest bit first, without gaps (PS3.5 section 8.1.1). */
    private Samples packed(byte[] bytes, int firstBit) {
        int width = layout.bitsAllocated();
        if (width > 16) {
            throw context.bad("%s is %d, want 1 to 16, 32 or 64".formatted(Tag.show(Tag.BITS_ALLOCATED), width));
        }
        if (width > 8) {
            short[] words = new short[layout.frameSamples()];
            for (int i = 0; i < words.length; i++) {
                words[i] = (short) bitsAt(bytes, firstBit + (long) i * width, width);
            }
            return new Samples.Shorts(words);
        }
        byte[] words = new byte[layout.frameSamples()];
        for (int i = 0; i < words.length; i++) {
            words[i] = (byte) bitsAt(bytes, firstBit + (long) i * width, width);
        }
        return new Samples.Bytes(words);
    }

    private static int bitsAt(byte[] bytes, long bit, int width) {
        int at = (int) (bit >> 3);
        int three = bytes[at] & 0xFF | byteAt(bytes, at + 1) << 8 | byteAt(bytes, at + 2) << 16;
        return three >> (bit & 7) & (1 << width) - 1;
    }

    private static int byteAt(byte[] bytes, int at) {
        return at < bytes.length ? bytes[at] & 0xFF : 0;
    }

    /** Y0 Y1 Cb Cr to a Cb and Cr for each pixel (PS3.3 section C.7.6.3.1.2). */
    private byte[] fullColours(byte[] bytes) {
        byte[] out = new byte[layout.frameSamples()];
        int columns = layout.columns();
        int pairs = (columns + 1) / 2;
        for (int row = 0; row < layout.rows(); row++) {
            for (int column = 0; column < columns; column++) {
                int from = 4 * (row * pairs + column / 2);
                int to = 3 * (row * columns + column);
                out[to] = bytes[from + column % 2];
                out[to + 1] = bytes[from + 2];
                out[to + 2] = bytes[from + 3];
            }
        }
        return out;
    }
}
