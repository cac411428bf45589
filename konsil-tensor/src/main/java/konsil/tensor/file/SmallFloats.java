package konsil.tensor.file;

/**
 * Values of the 8-bit floats. Sources: OCP 8-bit floating point specification 1.0 (E4M3, E5M2), OCP microscaling
 * formats 1.0 (E8M0), and arXiv:2206.02915 for the FNUZ kinds, whose only special value is NaN at 0x80.
 */
final class SmallFloats {
    private SmallFloats() {}

    /** The f32 value of each of the 256 bytes of one of the F8 types. */
    static float[] table(FileType type) {
        float[] values = new float[256];
        for (int code = 0; code < 256; code++) {
            values[code] = value(type, code);
        }
        return values;
    }

    private static float value(FileType type, int code) {
        return switch (type) {
            case F8_E4M3 -> (code & 0x7F) == 0x7F ? Float.NaN : finite(code, 3, 7);
            case F8_E4M3FNUZ -> code == 0x80 ? Float.NaN : finite(code, 3, 8);
            case F8_E5M2FNUZ -> code == 0x80 ? Float.NaN : finite(code, 2, 16);
            case F8_E5M2 -> Float.float16ToFloat((short) (code << 8));
            case F8_E8M0 -> code == 0xFF ? Float.NaN : Math.scalb(1f, code - 127);
            default -> throw new IllegalArgumentException("no 8-bit float: " + type);
        };
    }

    private static float finite(int code, int mantissaBits, int bias) {
        int exponent = (code & 0x7F) >> mantissaBits;
        int mantissa = code & ((1 << mantissaBits) - 1);
        float magnitude = exponent == 0
                ? Math.scalb((float) mantissa, 1 - bias - mantissaBits)
                : Math.scalb((float) (mantissa + (1 << mantissaBits)), exponent - bias - mantissaBits);
        return (code & 0x80) == 0 ? magnitude : -magnitude;
    }
}
