package konsil.media.dicom;

/** How elements are written: with their VR or without, in which order of bytes. */
record Encoding(boolean explicit, boolean bigEndian) {
    static final Encoding EXPLICIT_LITTLE = new Encoding(true, false);
    static final Encoding IMPLICIT_LITTLE = new Encoding(false, false);

    /** What the first element at a place looks like; most groups there have a number below 0x0100. */
    static Encoding guess(Window in, long at) {
        boolean big = in.u16(at, true) < in.u16(at, false);
        boolean explicit = Vr.of(in.u8(at + 4), in.u8(at + 5)).isPresent();
        return new Encoding(explicit, big);
    }

    /** Whether a data set may begin at a place: a low group, and a length that does not reach beyond the end. */
    boolean fits(Window in, long at) {
        int group = in.u16(at, bigEndian);
        if (at + 8 > in.size() || group == 0 || group > 0x7FE0) {
            return false;
        }
        return explicit ? group <= 0x00FF : in.u32(at + 4, bigEndian) <= in.size() - at - 8 && group <= 0x00FF;
    }

    @Override
    public String toString() {
        return (explicit ? "explicit VR " : "implicit VR ") + (bigEndian ? "big endian" : "little endian");
    }
}
