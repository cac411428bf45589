package konsil.media.codec;

/**
 * A band of a resolution.
 *
 * @param orientation 0 LL, 1 HL (high across), 2 LH, 3 HH
 * @param planeX where its first column lies in the plane of coefficients, with planeY
 * @param planes bits of its coefficients
 * @param step of quantisation, 1 where there is none
 */
record J2kBand(int orientation, int x0, int y0, int x1, int y1, int planeX, int planeY, int planes, float step) {}
