package konsil.media.slide;

/** Unpacks tiles of JPEG 2000 (Aperio's compressions 33003 and 33005). */
@FunctionalInterface
public interface Jpeg2000Decoder {
    /**
     * The components of a code stream, of one tile.
     *
     * @param name of the file, for messages
     * @param codestream from SOC to EOC
     * @param width of the tile; another size is an error
     * @return 3 * width * height samples, three of a pixel next to each other, 8 bits, smaller components enlarged, no
     *     colour transform but the one of the code stream itself
     * @throws konsil.media.BadMediaException when it cannot be unpacked
     */
    byte[] decode(String name, byte[] codestream, int width, int height);
}
