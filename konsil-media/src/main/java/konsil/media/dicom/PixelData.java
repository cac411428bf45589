package konsil.media.dicom;

import java.util.List;
import java.util.Optional;
import konsil.media.dicom.DicomElement.Fragments;
import konsil.media.dicom.DicomElement.Stored;
import konsil.media.dicom.Source.Span;

/** The frames of a file, each read and unpacked when it is asked for. */
public final class PixelData {
    private final DicomFile file;
    private final PixelLayout layout;
    private final DicomElement element;
    private final Optional<FrameIndex> index;

    private PixelData(DicomFile file, PixelLayout layout, DicomElement element, Optional<FrameIndex> index) {
        this.file = file;
        this.layout = layout;
        this.element = element;
        this.index = index;
    }

    static PixelData of(DicomFile file) {
        DataSet image = file.dataSet();
        int tag = PixelLayout.pixelTag(image)
                .orElseThrow(() -> file.context().bad(Tag.show(Tag.PIXEL_DATA) + " is missing: there is no picture"));
        PixelLayout layout = PixelLayout.of(file);
        DicomElement element = image.element(tag).orElseThrow();
        return switch (element.value()) {
            case Fragments(var span) -> {
                var frames = FrameIndex.read(span, image, layout.frames(), PixelData::startsImage);
                yield new PixelData(file, layout, element, Optional.of(frames));
            }
            case Stored _ -> new PixelData(file, layout, element, Optional.empty());
            default -> throw file.context().bad(element + " is a sequence: there is no picture");
        };
    }

    /** SOI and another marker; SOC and SIZ of JPEG 2000; the signature box of a JP2 file. */
    private static boolean startsImage(int first, int second) {
        return first == 0xFFD8 && second >= 0xFFC0 || first == 0xFF4F && second == 0xFF51 || first == 0 && second == 12;
    }

    public PixelLayout layout() {
        return layout;
    }

    /** Frames that can be asked for: those declared, or fewer when the file has fewer. */
    public int frames() {
        if (index.isPresent()) {
            return index.get().frames().size();
        }
        return new NativeFrames(file, layout, element).frames();
    }

    /**
     * One frame.
     *
     * @param frame from 0
     * @throws konsil.media.BadMediaException when its data is damaged or cut off, or compressed in a way that is not
     * read
     * @throws IndexOutOfBoundsException when there is no such frame
     */
    public StoredFrame frame(int frame) {
        java.util.Objects.checkIndex(frame, Math.max(1, frames()));
        if (index.isEmpty()) {
            return new NativeFrames(file, layout, element).frame(frame);
        }
        List<Span> fragments = index.get().frames().get(frame);
        return new EncapsulatedFrames(file, layout).decode(joined(fragments));
    }

    /** A frame's fragments as one, at most the size of the packed frame that the file declares, several times over. */
    private byte[] joined(List<Span> fragments) {
        long total = 0;
        for (Span fragment : fragments) {
            total += fragment.length();
        }
        if (total > 16 + 4L * Integer.BYTES * layout.frameSamples() + (1 << 16)) {
            throw file.context()
                    .bad("a frame of %d samples is packed in %d bytes".formatted(layout.frameSamples(), total));
        }
        byte[] bytes = new byte[(int) total];
        int at = 0;
        for (Span fragment : fragments) {
            fragment.source().read(fragment.offset(), bytes, at, (int) fragment.length());
            at += (int) fragment.length();
        }
        return bytes;
    }
}
