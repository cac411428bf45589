package konsil.medgemma;

import java.util.ArrayList;
import java.util.List;
import konsil.media.Raster;
import konsil.tensor.BadInputException;

/**
 * Cuts a long picture into neighbouring parts along its longer side, which the model sees after the whole picture
 * (pan_and_scan of transformers' image_processing_gemma3.py). Every part costs as many tokens as the whole.
 *
 * @param minCropSize pixels of the shorter side of a part; with less, nothing is cut
 * @param maxCrops parts at most
 * @param minRatio longer side by shorter side from which on a picture is cut
 */
public record PanAndScan(int minCropSize, int maxCrops, double minRatio) {
    /** Values of Gemma3Processor. */
    public static final PanAndScan DEFAULT = new PanAndScan(256, 4, 1.2);

    public PanAndScan {
        if (minCropSize < 1 || maxCrops < 1 || !(minRatio >= 1)) {
            throw new BadInputException("pan and scan: want a smallest crop and a number of crops of at least 1 and a"
                    + " ratio of at least 1, got %d, %d and %s".formatted(minCropSize, maxCrops, minRatio));
        }
    }

    /** The parts from left to right or top to bottom, without the whole; none when the picture is not long enough. */
    public List<Raster> crops(Raster picture) {
        boolean wide = picture.width() >= picture.height();
        int along = wide ? picture.width() : picture.height();
        int across = wide ? picture.height() : picture.width();
        if ((double) along / across < minRatio) {
            return List.of();
        }
        int fitting = Math.min((int) Math.floor((double) along / across + 0.5), along / minCropSize);
        int count = Math.min(maxCrops, Math.max(2, fitting));
        int size = Math.ceilDiv(along, count);
        if (Math.min(size, across) < minCropSize) {
            return List.of();
        }
        var crops = new ArrayList<Raster>();
        for (int at = 0; at < along; at += size) {
            int length = Math.min(size, along - at);
            crops.add(wide ? picture.crop(at, 0, length, across) : picture.crop(0, at, across, length));
        }
        return crops;
    }
}
