package konsil.media.slide;

import konsil.media.BadMediaException;
import konsil.media.Raster;
import konsil.media.codec.Codestream;
import konsil.media.codec.Decoded;
import konsil.media.codec.ImageCodec;

/** Tiles that are code streams of JPEG 2000: Aperio's compressions 33003 and 33005, and 34712 of other scanners. */
final class Jpeg2000Tile {
    private Jpeg2000Tile() {}

    /**
     * @param packing 33003 says YCbCr whatever the code stream says of its own transform; so does OpenSlide
     * @param ycc whether the TIFF calls its colours YCbCr, which counts where neither packing nor code stream say
     * @throws BadMediaException when it is damaged, of another size, or its samples are not 8 bits
     */
    static Raster decode(SlideBytes file, byte[] packed, Packing packing, boolean ycc, int[] size) {
        var stream = new Codestream(file.name(), packed, size[0], size[1], 3);
        ImageCodec codec = ImageCodec.of(packed)
                .filter(found -> found == ImageCodec.JPEG_2000)
                .orElseThrow(() -> file.bad("a tile is no JPEG 2000, as its compression says it is"));
        Decoded decoded = codec.decode(stream);
        if (decoded.bits() != 8 || decoded.signed()) {
            throw file.bad("a tile has %s samples of %d bits, want 8 without sign"
                    .formatted(decoded.signed() ? "signed" : "unsigned", decoded.bits()));
        }
        short[] words = decoded.samples();
        byte[] samples = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            samples[i] = (byte) words[i];
        }
        boolean luma =
                switch (packing) {
                    case JPEG_2000_YCC -> true;
                    case JPEG_2000_RGB -> false;
                    default -> ycc && decoded.colours() == Decoded.Colours.AS_DECLARED;
                };
        return new Raster(size[0], size[1], luma ? SampleColours.rgbOfYcc(samples) : samples);
    }
}
