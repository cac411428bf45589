package konsil.media.codec;

import java.util.Arrays;

/**
 * The bit planes of a code block (ITU-T T.800 annex D). Magnitudes carry one bit of fraction, which stands in the
 * middle of what the planes that did not come leave open.
 */
final class J2kBlockDecoder {
    private static final int MOST_PLANES = 30;
    private static final int FIRST_RAW_PASS = 10;

    private final Codestream stream;
    private final byte[] bytes;
    private final MqDecoder mq = new MqDecoder();
    private byte[] data = new byte[1 << 12];
    private int[] flags = new int[0];
    private int[] magnitudes = new int[0];
    private byte[] zero = new byte[0];
    private int width;
    private int height;
    private int stride;
    private boolean causal;
    private int one;
    private int rawAt;
    private int rawEnd;
    private int rawByte;
    private int rawLeft;

    J2kBlockDecoder(Codestream stream, byte[] bytes) {
        this.stream = stream;
        this.bytes = bytes;
    }

    /** Magnitudes of the last block, row by row. */
    int[] magnitudes() {
        return magnitudes;
    }

    boolean isNegative(int x, int y) {
        return (flags[(y + 1) * stride + x + 1] & J2kContexts.NEGATIVE) != 0;
    }

    /** @param planes bits of the block's magnitudes that are coded */
    void decode(J2kBlock block, J2kBand band, J2kCoding coding, int planes) {
        prepare(block, band, coding);
        int passes = block.passes();
        if (planes < 1 || planes > MOST_PLANES || passes > 3 * planes - 2) {
            if (passes == 0) {
                return;
            }
            throw stream.bad(
                    "a code block of the JPEG 2000 picture has %d passes in %d planes".formatted(passes, planes));
        }
        mq.resetContexts();
        int at = 0;
        int pass = 0;
        for (int s = 0; s < block.segmentCount; s++) {
            int end = at + block.segments[2 * s + 1];
            boolean raw = isRaw(coding, pass);
            if (raw) {
                startRaw(at, end);
            } else {
                mq.start(data, at, end);
            }
            for (int i = 0; i < block.segments[2 * s]; i++, pass++) {
                pass(pass, planes, raw, coding);
            }
            at = end;
        }
    }

    private static boolean isRaw(J2kCoding coding, int pass) {
        return coding.has(J2kCoding.BYPASS) && pass >= FIRST_RAW_PASS && pass % 3 != 0;
    }

    private void prepare(J2kBlock block, J2kBand band, J2kCoding coding) {
        width = block.width;
        height = block.height;
        stride = width + 2;
        causal = coding.has(J2kCoding.CAUSAL);
        zero = J2kContexts.zero(band.orientation());
        int cells = stride * (height + 2);
        if (flags.length < cells) {
            flags = new int[cells];
            magnitudes = new int[width * height];
        }
        if (magnitudes.length < width * height) {
            magnitudes = new int[width * height];
        }
        Arrays.fill(flags, 0, cells, 0);
        Arrays.fill(magnitudes, 0, width * height, 0);
        int total = 0;
        for (int i = 0; i < block.pieceCount; i++) {
            total += block.pieces[2 * i + 1];
        }
        if (data.length < total) {
            data = new byte[total];
        }
        int to = 0;
        for (int i = 0; i < block.pieceCount; i++) {
            System.arraycopy(bytes, block.pieces[2 * i], data, to, block.pieces[2 * i + 1]);
            to += block.pieces[2 * i + 1];
        }
    }

    private void pass(int pass, int planes, boolean raw, J2kCoding coding) {
        int plane = planes - 1 - (pass + 2) / 3;
        one = 2 << plane;
        switch (pass % 3) {
            case 0 -> {
                cleanup();
                if (coding.has(J2kCoding.SYMBOLS)) {
                    for (int i = 0; i < 4; i++) {
                        mq.decode(MqDecoder.UNIFORM);
                    }
                }
            }
            case 1 -> significance(raw);
            default -> refinement(raw);
        }
        if (coding.has(J2kCoding.RESET)) {
            mq.resetContexts();
        }
    }

    private void startRaw(int from, int end) {
        rawAt = from;
        rawEnd = end;
        rawByte = 0;
        rawLeft = 0;
    }

    private int rawBit() {
        if (rawLeft == 0) {
            rawLeft = rawByte == 0xFF ? 7 : 8;
            rawByte = rawAt < rawEnd ? data[rawAt++] & 0xFF : 0xFF;
        }
        rawLeft--;
        return rawByte >> rawLeft & 1;
    }

    /** Flags as the contexts may see them: in causal blocks the last row of a stripe does not look down. */
    private int seen(int cell, int y) {
        int f = flags[cell];
        return causal && (y & 3) == 3 ? f & ~J2kContexts.BELOW : f;
    }

    private void significance(boolean raw) {
        for (int top = 0; top < height; top += 4) {
            int bottom = Math.min(top + 4, height);
            for (int x = 0; x < width; x++) {
                int cell = (top + 1) * stride + x + 1;
                for (int y = top; y < bottom; y++, cell += stride) {
                    int f = seen(cell, y);
                    if ((f & J2kContexts.AROUND) == 0 || (f & J2kContexts.SIGNIFICANT) != 0) {
                        continue;
                    }
                    int bit = raw ? rawBit() : mq.decode(zero[f & J2kContexts.AROUND]);
                    if (bit == 1) {
                        boolean negative = raw ? rawBit() == 1 : sign(f);
                        become(cell, y * width + x, negative);
                    }
                    flags[cell] |= J2kContexts.VISITED;
                }
            }
        }
    }

    private void refinement(boolean raw) {
        int half = one >> 1;
        for (int top = 0; top < height; top += 4) {
            int bottom = Math.min(top + 4, height);
            for (int x = 0; x < width; x++) {
                int cell = (top + 1) * stride + x + 1;
                for (int y = top; y < bottom; y++, cell += stride) {
                    int f = flags[cell];
                    if ((f & (J2kContexts.SIGNIFICANT | J2kContexts.VISITED)) != J2kContexts.SIGNIFICANT) {
                        continue;
                    }
                    int bit = raw ? rawBit() : mq.decode(J2kContexts.refinement(seen(cell, y)));
                    magnitudes[y * width + x] += bit == 1 ? half : -half;
                    flags[cell] = f | J2kContexts.REFINED;
                }
            }
        }
    }

    private void cleanup() {
        int taken = J2kContexts.SIGNIFICANT | J2kContexts.VISITED;
        for (int top = 0; top < height; top += 4) {
            int bottom = Math.min(top + 4, height);
            for (int x = 0; x < width; x++) {
                int y = top;
                int cell = (top + 1) * stride + x + 1;
                if (bottom - top == 4 && isQuiet(cell, top)) {
                    if (mq.decode(MqDecoder.RUN) == 0) {
                        continue;
                    }
                    y += mq.decode(MqDecoder.UNIFORM) << 1;
                    y += mq.decode(MqDecoder.UNIFORM);
                    cell += (y - top) * stride;
                    become(cell, y * width + x, sign(seen(cell, y)));
                    y++;
                    cell += stride;
                }
                for (; y < bottom; y++, cell += stride) {
                    int f = seen(cell, y);
                    if ((f & taken) == 0 && mq.decode(zero[f & J2kContexts.AROUND]) == 1) {
                        become(cell, y * width + x, sign(f));
                    }
                }
                cell = (top + 1) * stride + x + 1;
                for (int i = top; i < bottom; i++, cell += stride) {
                    flags[cell] &= ~J2kContexts.VISITED;
                }
            }
        }
    }

    /** Whether four coefficients in a column have neither become significant nor a neighbour that has. */
    private boolean isQuiet(int cell, int top) {
        int last = seen(cell + 3 * stride, top + 3);
        int all = flags[cell] | flags[cell + stride] | flags[cell + 2 * stride] | last;
        return (all & (J2kContexts.AROUND | J2kContexts.SIGNIFICANT | J2kContexts.VISITED)) == 0;
    }

    private boolean sign(int f) {
        int context = J2kContexts.sign(f);
        return (mq.decode(context & 0x7F) == 1) != (context > 0x7F);
    }

    private void become(int cell, int at, boolean negative) {
        magnitudes[at] = one + (one >> 1);
        int above = cell - stride;
        int below = cell + stride;
        flags[above - 1] |= J2kContexts.SE;
        flags[above + 1] |= J2kContexts.SW;
        flags[below - 1] |= J2kContexts.NE;
        flags[below + 1] |= J2kContexts.NW;
        if (negative) {
            flags[cell] |= J2kContexts.SIGNIFICANT | J2kContexts.NEGATIVE;
            flags[above] |= J2kContexts.S | J2kContexts.NEGATIVE_S;
            flags[below] |= J2kContexts.N | J2kContexts.NEGATIVE_N;
            flags[cell - 1] |= J2kContexts.E | J2kContexts.NEGATIVE_E;
            flags[cell + 1] |= J2kContexts.W | J2kContexts.NEGATIVE_W;
        } else {
            flags[cell] |= J2kContexts.SIGNIFICANT;
            flags[above] |= J2kContexts.S;
            flags[below] |= J2kContexts.N;
            flags[cell - 1] |= J2kContexts.E;
            flags[cell + 1] |= J2kContexts.W;
        }
    }
}
