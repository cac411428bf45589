package konsil.media;

/** The compressed samples of a GIF: LZW codes of growing width, in blocks of up to 255 bytes (GIF89a, appendix F). */
final class GifCodes {
    private static final int MAX_CODES = 4096;
    private static final int NONE = -1;

    private final ImageBytes file;
    private final byte[] samples;
    private final int rootBits;
    private final int clear;

    /** A string of samples is the string of another code and one sample more. */
    private final short[] before = new short[MAX_CODES];

    private final byte[] last = new byte[MAX_CODES];
    private final byte[] backwards = new byte[MAX_CODES];

    private int at;
    private int blockEnd;
    private int held;
    private int heldBits;
    private int codes;
    private int codeBits;
    private int done;

    /** @param at where the width of the codes stands; @param count of samples wanted */
    GifCodes(ImageBytes file, int at, int count) {
        this.file = file;
        this.samples = new byte[count];
        rootBits = file.u8(at);
        if (rootBits < 1 || rootBits > 8) {
            throw file.bad("the GIF has codes of %d bits, want 1 to 8".formatted(rootBits));
        }
        clear = 1 << rootBits;
        this.at = at + 1;
        blockEnd = this.at;
        forget();
        for (int i = 0; i < clear; i++) {
            last[i] = (byte) i;
        }
    }

    private void forget() {
        codes = clear + 2;
        codeBits = rootBits + 1;
    }

    /** @throws BadMediaException when the file ends or a code is wrong before all samples are there */
    byte[] decode() {
        int previous = NONE;
        int first = 0;
        while (done < samples.length) {
            int code = next();
            if (code == clear) {
                forget();
                previous = NONE;
                continue;
            }
            requireKnown(code, previous);
            // A code that is just being made stands for the previous string and the first sample of that again.
            boolean made = code == codes;
            int length = string(made ? previous : code, made ? 1 : 0);
            backwards[0] = made ? (byte) first : backwards[0];
            first = backwards[length - 1];
            if (previous != NONE && codes < MAX_CODES) {
                add(previous, (byte) first);
            }
            write(length);
            previous = code;
        }
        return samples;
    }

    private void requireKnown(int code, int previous) {
        if (code == clear + 1) {
            throw file.bad(
                    "the GIF has only %d of %d samples: a part of the picture is lost".formatted(done, samples.length));
        }
        boolean known = code < clear || code > clear + 1 && code < codes || code == codes && previous != NONE;
        if (!known || previous == NONE && code > clear || code >= MAX_CODES) {
            throw file.bad("the GIF data is damaged: a code stands for nothing");
        }
    }

    private void add(int previous, byte first) {
        before[codes] = (short) previous;
        last[codes] = first;
        codes++;
        if (codes == 1 << codeBits && codeBits < 12) {
            codeBits++;
        }
    }

    /** Puts the string of a code into {@code backwards}, from an index on. @return the index after its end */
    private int string(int code, int from) {
        int length = from;
        while (code > clear) {
            backwards[length++] = last[code];
            code = before[code];
        }
        backwards[length++] = last[code];
        return length;
    }

    private void write(int length) {
        int end = Math.min(done + length, samples.length);
        for (int i = length - 1; done < end; i--) {
            samples[done++] = backwards[i];
        }
    }

    private int next() {
        while (heldBits < codeBits) {
            if (at == blockEnd) {
                int size = file.u8(at++);
                if (size == 0) {
                    throw file.bad("the GIF has only %d of %d samples: a part of the picture is lost"
                            .formatted(done, samples.length));
                }
                blockEnd = at + size;
            }
            held |= file.u8(at++) << heldBits;
            heldBits += 8;
        }
        int code = held & (1 << codeBits) - 1;
        held >>>= codeBits;
        heldBits -= codeBits;
        return code;
    }
}
