package konsil.media.audio;

/** How one sample is stored; the value is -1 to 1, integers divided by half their range. */
enum PcmCode {
    U8(1) {
        @Override
        float value(byte[] b, int i) {
            return ((b[i] & 0xFF) - 128) / 128f;
        }
    },
    S8(1) {
        @Override
        float value(byte[] b, int i) {
            return b[i] / 128f;
        }
    },
    S16LE(2) {
        @Override
        float value(byte[] b, int i) {
            return (b[i] & 0xFF | b[i + 1] << 8) / 32768f;
        }
    },
    S16BE(2) {
        @Override
        float value(byte[] b, int i) {
            return (b[i + 1] & 0xFF | b[i] << 8) / 32768f;
        }
    },
    S24LE(3) {
        @Override
        float value(byte[] b, int i) {
            return (b[i] & 0xFF | (b[i + 1] & 0xFF) << 8 | b[i + 2] << 16) / 8388608f;
        }
    },
    S24BE(3) {
        @Override
        float value(byte[] b, int i) {
            return (b[i + 2] & 0xFF | (b[i + 1] & 0xFF) << 8 | b[i] << 16) / 8388608f;
        }
    },
    S32LE(4) {
        @Override
        float value(byte[] b, int i) {
            return littleEndian(b, i) / 0x1p31f;
        }
    },
    S32BE(4) {
        @Override
        float value(byte[] b, int i) {
            return Integer.reverseBytes(littleEndian(b, i)) / 0x1p31f;
        }
    },
    F32LE(4) {
        @Override
        float value(byte[] b, int i) {
            return Float.intBitsToFloat(littleEndian(b, i));
        }
    },
    F32BE(4) {
        @Override
        float value(byte[] b, int i) {
            return Float.intBitsToFloat(Integer.reverseBytes(littleEndian(b, i)));
        }
    },
    F64LE(8) {
        @Override
        float value(byte[] b, int i) {
            return (float) Double.longBitsToDouble(longLittleEndian(b, i));
        }
    },
    F64BE(8) {
        @Override
        float value(byte[] b, int i) {
            return (float) Double.longBitsToDouble(Long.reverseBytes(longLittleEndian(b, i)));
        }
    },
    /** ITU-T G.711. */
    A_LAW(1) {
        @Override
        float value(byte[] b, int i) {
            int code = b[i] ^ 0x55;
            int exponent = code >> 4 & 7;
            int mantissa = (code & 15) << 4;
            int level = exponent == 0 ? mantissa + 8 : mantissa + 0x108 << exponent - 1;
            return ((code & 0x80) != 0 ? level : -level) / 32768f;
        }
    },
    /** ITU-T G.711. */
    MU_LAW(1) {
        @Override
        float value(byte[] b, int i) {
            int code = ~b[i];
            int level = (((code & 15) << 3) + 0x84 << (code >> 4 & 7)) - 0x84;
            return ((code & 0x80) == 0 ? level : -level) / 32768f;
        }
    };

    private final int bytes;

    PcmCode(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    abstract float value(byte[] b, int i);

    private static int littleEndian(byte[] b, int i) {
        return b[i] & 0xFF | (b[i + 1] & 0xFF) << 8 | (b[i + 2] & 0xFF) << 16 | b[i + 3] << 24;
    }

    private static long longLittleEndian(byte[] b, int i) {
        return littleEndian(b, i) & 0xFFFFFFFFL | (long) littleEndian(b, i + 4) << 32;
    }
}
