package konsil.media.codec;

/**
 * A component of a JPEG's frame (ITU-T T.81 section B.2.2).
 *
 * @param index among the components
 * @param id by which scans name it
 * @param h columns for each column of the unit, 1 to 4
 * @param v rows
 * @param quantisation number of its table
 * @param width of its samples
 * @param height of its samples
 * @param blockColumns columns of blocks, whole units
 * @param blockRows rows of blocks, whole units
 */
record JpegComponent(
        int index, int id, int h, int v, int quantisation, int width, int height, int blockColumns, int blockRows) {}
