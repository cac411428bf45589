package konsil.media;

/** BMP, by the JDK's reader. */
final class BmpFile {
    private BmpFile() {}

    static Raster decode(ImageBytes file, ImageSettings settings) {
        return new PillowRgb(file, settings).of(new JdkReader(file, "bmp").image(file.bytes(), settings));
    }
}
