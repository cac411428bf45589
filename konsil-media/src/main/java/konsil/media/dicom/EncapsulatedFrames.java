package konsil.media.dicom;

import java.util.List;
import java.util.Optional;
import konsil.media.codec.Codestream;
import konsil.media.codec.Decoded;
import konsil.media.codec.ImageCodec;
import konsil.media.codec.RunLength;
import konsil.media.dicom.DicomElement.Stored;
import konsil.media.dicom.Source.Span;

/** Frames that are compressed one by one (PS3.5 section 8.2). A code stream says itself how; the UID is compared. */
final class EncapsulatedFrames {
    private final DicomFile file;
    private final PixelLayout layout;

    EncapsulatedFrames(DicomFile file, PixelLayout layout) {
        this.file = file;
        this.layout = layout;
    }

    StoredFrame decode(byte[] packed) {
        TransferSyntax syntax = TransferSyntax.of(file.transferSyntax());
        Optional<ImageCodec> codec = ImageCodec.of(packed);
        if (codec.isPresent()) {
            warnOfOther(syntax, codec.get());
            return image(codec.get(), packed);
        }
        return switch (syntax) {
            case RLE -> runLength(packed);
            case DEFLATED_FRAMES -> plain(Inflation.inflate(packed, frameBytes() + 1, file.context()));
            case ENCAPSULATED_PLAIN -> plain(packed);
            case UNKNOWN ->
                throw file.context()
                        .bad("transfer syntax %s is not read; have it converted to explicit VR little endian"
                                .formatted(shown(file.transferSyntax())));
            default ->
                throw file.context()
                        .bad("a frame does not begin as transfer syntax %s does".formatted(file.transferSyntax()));
        };
    }

    private static String shown(String uid) {
        return uid.isEmpty()
                ? "(none declared)"
                : uid.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9') ? uid : "?";
    }

    private void warnOfOther(TransferSyntax syntax, ImageCodec codec) {
        boolean fits =
                switch (codec) {
                    case JPEG ->
                        syntax.name().startsWith("JPEG_")
                                && !syntax.name().startsWith("JPEG_LS")
                                && !isJpeg2000(syntax);
                    case JPEG_LS -> syntax == TransferSyntax.JPEG_LS || syntax == TransferSyntax.JPEG_LS_NEAR;
                    case JPEG_2000 -> isJpeg2000(syntax);
                };
        if (!fits) {
            file.context().warnings().add("the pixels are %s, which the transfer syntax does not say".formatted(codec));
        }
    }

    private static boolean isJpeg2000(TransferSyntax syntax) {
        return syntax.name().startsWith("JPEG_2000") || syntax.name().startsWith("HTJ2K");
    }

    private int frameBytes() {
        return Math.toIntExact(((long) layout.frameSamples() * layout.bitsAllocated() + 7) / 8);
    }

    private StoredFrame plain(byte[] bytes) {
        Span span = new Span(new Source.Memory(bytes), 0, bytes.length, false);
        var element = new DicomElement(Tag.PIXEL_DATA, Vr.OB, new Stored(span));
        return new NativeFrames(file, layout, element).frame(0);
    }

    private StoredFrame runLength(byte[] packed) {
        if (layout.bitsAllocated() % 8 != 0) {
            if (layout.bitsAllocated() != 1) {
                throw file.context().bad("run lengths of %d bits are not read".formatted(layout.bitsAllocated()));
            }
            byte[] bits = RunLength.decode(codestream(packed), (layout.frameSamples() + 7) / 8, 1);
            return plain(bits);
        }
        int planes = layout.samplesPerPixel() * layout.bitsAllocated() / 8;
        byte[] bytes = RunLength.decode(codestream(packed), layout.rows() * layout.columns(), planes);
        Span span = new Span(new Source.Memory(bytes), 0, bytes.length, false);
        var element = new DicomElement(Tag.PIXEL_DATA, Vr.OW, new Stored(span));
        PixelLayout woven = layout.woven(layout.photometric());
        return new NativeFrames(file, woven, element).frame(0);
    }

    private Codestream codestream(byte[] packed) {
        return new Codestream(file.name(), packed, layout.columns(), layout.rows(), layout.samplesPerPixel());
    }

    private StoredFrame image(ImageCodec codec, byte[] packed) {
        Decoded decoded = codec.decode(codestream(packed));
        if (decoded.bits() > layout.bitsAllocated()) {
            throw file.context()
                    .bad("the pixels have %d bits, %s is %d"
                            .formatted(decoded.bits(), Tag.show(Tag.BITS_ALLOCATED), layout.bitsAllocated()));
        }
        PixelLayout unpacked = widened(layout.woven(photometric(decoded)), codec, decoded);
        if (layout.bitsAllocated() > 16) {
            int[] words = new int[decoded.samples().length];
            for (int i = 0; i < words.length; i++) {
                words[i] = decoded.signed() ? decoded.samples()[i] : decoded.samples()[i] & 0xFFFF;
            }
            return new StoredFrame(unpacked, new Samples.Ints(words));
        }
        if (codec == ImageCodec.JPEG_2000 && layout.signed() && !decoded.signed()) {
            extendSigns(decoded.samples());
        }
        Samples samples = layout.bitsAllocated() <= 8
                ? new Samples.Bytes(Planes.narrowed(decoded.samples()))
                : new Samples.Shorts(decoded.samples());
        return new StoredFrame(unpacked, samples);
    }

    /**
     * Lossy JPEG 2000 may overshoot the stored bits where its own are more: 4100 in 12 bits must not become 4. In
     * lossless streams the bits above may be an overlay and are left out.
     */
    private PixelLayout widened(PixelLayout l, ImageCodec codec, Decoded decoded) {
        boolean lossy = List.of(TransferSyntax.JPEG_2000_LOSSY, TransferSyntax.HTJ2K_LOSSY)
                .contains(TransferSyntax.of(file.transferSyntax()));
        boolean overshoots = codec == ImageCodec.JPEG_2000
                && lossy
                && decoded.bits() > l.bitsStored()
                && (decoded.signed() || !l.signed());
        return overshoots ? l.withBits(decoded.bits()) : l;
    }

    /** A code stream that calls its samples unsigned where the file says that they have signs. */
    private void extendSigns(short[] samples) {
        int unused = 32 - layout.bitsStored();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (samples[i] << unused >> unused);
        }
    }

    /** JPEG 2000 gives red, green, blue whatever its inner transform; JPEG gives each pixel its Cb and Cr. */
    private String photometric(Decoded decoded) {
        String declared = layout.photometric();
        if (layout.samplesPerPixel() != 3) {
            return declared;
        }
        return switch (decoded.colours()) {
            case RGB -> "RGB";
            case YBR -> "YBR_FULL";
            case AS_DECLARED -> declared.endsWith("_422") || declared.endsWith("_420") ? "YBR_FULL" : declared;
        };
    }
}
