package konsil.media.audio;

/**
 * One Opus packet.
 *
 * @param bytes not to be changed
 * @param keep how many of its samples count, from its start; at 48 kHz
 * @param start true for an OpusHead: a stream begins, with a decoder of its own
 */
record OpusPacket(byte[] bytes, long keep, boolean start) {
    /** 120 ms at 48 kHz: no packet may be longer (RFC 6716, 3.4). */
    static final int MOST_SAMPLES = 5760;

    /** How long it sounds at 48 kHz, by its first two bytes (RFC 6716, 3.1 and 3.2); 0 when it is no packet. */
    int samples() {
        if (bytes.length == 0) {
            return 0;
        }
        int config = bytes[0] >> 3 & 31;
        int frame = config < 12
                ? new int[] {480, 960, 1920, 2880}[config & 3]
                : config < 16 ? 480 << (config & 1) : 120 << (config & 3);
        int frames =
                switch (bytes[0] & 3) {
                    case 0 -> 1;
                    case 1, 2 -> 2;
                    default -> bytes.length < 2 ? 0 : bytes[1] & 63;
                };
        return frame * frames > MOST_SAMPLES ? 0 : frame * frames;
    }
}
