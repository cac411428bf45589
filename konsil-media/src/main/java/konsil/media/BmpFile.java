package konsil.media;

/** BMP, by the JDK's reader. */
final class BmpFile {
    private static final int HEADER = 14;
    private static final int WITH_COMPRESSION = 40;
    private static final int MASKS = 3;

    private BmpFile() {}

    static Raster decode(ImageBytes file, ImageSettings settings) {
        long compression = file.u32Little(HEADER) < WITH_COMPRESSION ? 0 : file.u32Little(HEADER + 16);
        if (compression > MASKS) {
            throw file.bad("a BMP of compression %d is not read, want 0 to 3".formatted(compression));
        }
        return new PillowRgb(file, settings).of(new JdkReader(file, "bmp").image(file.bytes(), settings));
    }
}
