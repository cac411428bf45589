package konsil.media.dicom;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How pixels are stored (PS3.3 section C.7.6.3), checked.
 *
 * @param bitsAllocated of a word; 1, or 8 to 64
 * @param bitsStored of a value in its word
 * @param highBit the highest of them
 * @param signed whether values are in two's complement
 * @param planar whether the planes of samples stand one after the other
 * @param photometric (0028,0004) Photometric Interpretation, as the file has it
 */
public record PixelLayout(
        int columns,
        int rows,
        int samplesPerPixel,
        int bitsAllocated,
        int bitsStored,
        int highBit,
        boolean signed,
        boolean planar,
        String photometric,
        int frames) {
    /** Samples of one frame that are still read. */
    static final long MAX_SAMPLES = 1L << 28;

    /** The element with the pixels: integers, or floating point of single or double width. */
    static Optional<Integer> pixelTag(DataSet image) {
        return Stream.of(Tag.PIXEL_DATA, Tag.FLOAT_PIXEL_DATA, Tag.DOUBLE_FLOAT_PIXEL_DATA)
                .filter(image::has)
                .findFirst();
    }

    static PixelLayout of(DicomFile file) {
        DataSet image = file.dataSet();
        int rows = needed(image, Tag.ROWS, 1, 65_535);
        int columns = needed(image, Tag.COLUMNS, 1, 65_535);
        int samples = image.integer(Tag.SAMPLES_PER_PIXEL).orElse(1);
        if (samples < 1 || samples > 4) {
            throw wrong(image, Tag.SAMPLES_PER_PIXEL, samples, 1, 4);
        }
        if ((long) rows * columns * samples > MAX_SAMPLES) {
            throw image.context()
                    .bad("a frame has %d x %d pixels of %d samples, the limit is %d samples"
                            .formatted(columns, rows, samples, MAX_SAMPLES));
        }
        int allocated = allocated(image);
        int stored = lenient(image, Tag.BITS_STORED, allocated, 1, allocated);
        int high = lenient(image, Tag.HIGH_BIT, stored - 1, stored - 1, allocated - 1);
        return new PixelLayout(
                columns,
                rows,
                samples,
                allocated,
                stored,
                high,
                image.integer(Tag.PIXEL_REPRESENTATION).orElse(0) == 1,
                samples > 1 && image.integer(Tag.PLANAR_CONFIGURATION).orElse(0) == 1,
                image.text(Tag.PHOTOMETRIC_INTERPRETATION).orElse(samples == 3 ? "RGB" : "MONOCHROME2"),
                frames(image));
    }

    private static int allocated(DataSet image) {
        int tag = pixelTag(image).orElse(Tag.PIXEL_DATA);
        if (tag == Tag.FLOAT_PIXEL_DATA) {
            return 32;
        }
        return tag == Tag.DOUBLE_FLOAT_PIXEL_DATA ? 64 : needed(image, Tag.BITS_ALLOCATED, 1, 64);
    }

    private static int needed(DataSet image, int tag, int least, int most) {
        OptionalInt found = image.integer(tag);
        if (found.isEmpty()) {
            throw image.context().bad(Tag.show(tag) + " is missing; pixels need it");
        }
        int value = found.getAsInt();
        if (value < least || value > most) {
            throw wrong(image, tag, value, least, most);
        }
        return value;
    }

    private static konsil.media.BadMediaException wrong(DataSet image, int tag, int value, int least, int most) {
        return image.context().bad("%s is %d, want %d to %d".formatted(Tag.show(tag), value, least, most));
    }

    private static int lenient(DataSet image, int tag, int otherwise, int least, int most) {
        OptionalInt found = image.integer(tag);
        if (found.isPresent() && found.getAsInt() >= least && found.getAsInt() <= most) {
            return found.getAsInt();
        }
        image.context().warnings().add("%s is missing or impossible; %d is taken".formatted(Tag.show(tag), otherwise));
        return otherwise;
    }

    private static int frames(DataSet image) {
        int frames = 1;
        try {
            frames = image.integer(Tag.NUMBER_OF_FRAMES).orElse(1);
        } catch (konsil.media.BadMediaException unreadable) {
            frames = 0;
        }
        if (frames < 1) {
            image.context().warnings().add(Tag.show(Tag.NUMBER_OF_FRAMES) + " is no positive number; 1 is taken");
            frames = 1;
        }
        return Math.min(frames, mostFrames(image, pixelTag(image)));
    }

    /** No frame takes less than a bit, no fragment less than its header: no list is longer than its file. */
    private static int mostFrames(DataSet image, Optional<Integer> tag) {
        long most =
                switch (tag.flatMap(image::element).map(DicomElement::value).orElse(null)) {
                    case DicomElement.Stored(var span) -> span.length() * 8;
                    case DicomElement.Fragments(var span) -> span.length() / 8;
                    case null, default -> 1;
                };
        return Math.clamp(most, 1, Integer.MAX_VALUE);
    }

    /** The same with samples of one pixel after the other, and other colours. */
    PixelLayout woven(String colours) {
        return new PixelLayout(
                columns, rows, samplesPerPixel, bitsAllocated, bitsStored, highBit, signed, false, colours, frames);
    }

    /** The same with all of the lowest bits stored. */
    PixelLayout withBits(int bits) {
        return new PixelLayout(
                columns, rows, samplesPerPixel, bitsAllocated, bits, bits - 1, signed, planar, photometric, frames);
    }

    /** Samples of one frame. */
    int frameSamples() {
        return rows * columns * samplesPerPixel;
    }
}
