package konsil.media.dicom;

/** Transfer syntaxes (PS3.5 chapter 10 and annex A, PS3.6 annex A) by what it takes to read them. */
enum TransferSyntax {
    IMPLICIT_LITTLE("1.2.840.10008.1.2"),
    EXPLICIT_LITTLE("1.2.840.10008.1.2.1"),
    EXPLICIT_BIG("1.2.840.10008.1.2.2"),
    DEFLATED("1.2.840.10008.1.2.1.99"),
    /** GE's own: implicit, with pixels in big endian. */
    IMPLICIT_BIG("1.2.840.113619.5.2"),
    ENCAPSULATED_PLAIN("1.2.840.10008.1.2.1.98"),
    JPEG_BASELINE("1.2.840.10008.1.2.4.50"),
    JPEG_EXTENDED("1.2.840.10008.1.2.4.51"),
    JPEG_EXTENDED_3_5("1.2.840.10008.1.2.4.52"),
    JPEG_SPECTRAL("1.2.840.10008.1.2.4.53"),
    JPEG_SPECTRAL_7_9("1.2.840.10008.1.2.4.54"),
    JPEG_PROGRESSIVE("1.2.840.10008.1.2.4.55"),
    JPEG_PROGRESSIVE_11_13("1.2.840.10008.1.2.4.56"),
    JPEG_LOSSLESS("1.2.840.10008.1.2.4.57"),
    JPEG_LOSSLESS_15("1.2.840.10008.1.2.4.58"),
    JPEG_LOSSLESS_FIRST("1.2.840.10008.1.2.4.70"),
    JPEG_LS("1.2.840.10008.1.2.4.80"),
    JPEG_LS_NEAR("1.2.840.10008.1.2.4.81"),
    JPEG_2000("1.2.840.10008.1.2.4.90"),
    JPEG_2000_LOSSY("1.2.840.10008.1.2.4.91"),
    JPEG_2000_PART_2("1.2.840.10008.1.2.4.92"),
    JPEG_2000_PART_2_LOSSY("1.2.840.10008.1.2.4.93"),
    HTJ2K("1.2.840.10008.1.2.4.201"),
    HTJ2K_RPCL("1.2.840.10008.1.2.4.202"),
    HTJ2K_LOSSY("1.2.840.10008.1.2.4.203"),
    RLE("1.2.840.10008.1.2.5"),
    DEFLATED_FRAMES("1.2.840.10008.1.2.8.1"),
    /** Video, JPIP, JPEG XL, private ones, none at all. */
    UNKNOWN("");

    private final String uid;

    TransferSyntax(String uid) {
        this.uid = uid;
    }

    String uid() {
        return uid;
    }

    static TransferSyntax of(String uid) {
        for (TransferSyntax syntax : values()) {
            if (syntax.uid.equals(uid)) {
                return syntax;
            }
        }
        return UNKNOWN;
    }

    /** The syntax of pixels that are not compressed. */
    static TransferSyntax plain(Encoding encoding) {
        if (encoding.bigEndian()) {
            return encoding.explicit() ? EXPLICIT_BIG : IMPLICIT_BIG;
        }
        return encoding.explicit() ? EXPLICIT_LITTLE : IMPLICIT_LITTLE;
    }

    /** How the elements are written. */
    Encoding encoding() {
        return switch (this) {
            case IMPLICIT_LITTLE, IMPLICIT_BIG -> Encoding.IMPLICIT_LITTLE;
            case EXPLICIT_BIG -> new Encoding(true, true);
            default -> Encoding.EXPLICIT_LITTLE;
        };
    }

    boolean isEncapsulated() {
        return switch (this) {
            case IMPLICIT_LITTLE, EXPLICIT_LITTLE, EXPLICIT_BIG, DEFLATED, IMPLICIT_BIG, UNKNOWN -> false;
            default -> true;
        };
    }
}
