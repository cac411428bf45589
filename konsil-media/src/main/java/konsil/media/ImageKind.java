package konsil.media;

/** The kinds of image file that Konsil reads, told by their first bytes. */
enum ImageKind {
    PNG,
    JPEG,
    BMP,
    GIF,
    TIFF;

    private static final String READ = "Konsil reads PNG, JPEG, BMP, GIF and TIFF";

    /** @throws BadMediaException when the file is empty or of another kind */
    static ImageKind of(ImageBytes file) {
        if (file.size() == 0) {
            throw file.bad("the file is empty");
        }
        if (file.has(0, "\u0089PNG\r\n\u001a\n")) {
            return PNG;
        }
        if (file.has(0, "\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (file.has(0, "BM")) {
            return BMP;
        }
        if (file.has(0, "GIF87a") || file.has(0, "GIF89a")) {
            return GIF;
        }
        if (file.has(0, "II*\0") || file.has(0, "MM\0*")) {
            return TIFF;
        }
        throw file.bad(other(file));
    }

    private static String other(ImageBytes file) {
        String what = "";
        if (file.has(0, "RIFF") && file.has(8, "WEBP")) {
            what = "a WebP";
        } else if (file.has(4, "ftyp")) {
            what = "a HEIF, AVIF or video";
        } else if (file.has(4, "jP  ") || file.has(0, "\u00ffO\u00ffQ")) {
            what = "a JPEG 2000";
        } else if (file.has(0, "II+\0") || file.has(0, "MM\0+")) {
            what = "a BigTIFF";
        } else if (file.has(0, "%PDF")) {
            what = "a PDF";
        } else if (file.has(128, "DICM")) {
            what = "a DICOM";
        }
        if (what.isEmpty()) {
            return "this is no image file, or of a kind that is not read; " + READ;
        }
        return "this is %s file; %s. Convert it to PNG.".formatted(what, READ);
    }
}
