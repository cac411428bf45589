package konsil.media.codec;

/** The golden code streams, for tests of other packages. */
public final class GoldenFiles {
    private GoldenFiles() {}

    public static byte[] read(String name) {
        return GoldenStreams.named(name).stream().bytes();
    }

    /**
     * What the decoder here makes of a stream, without signs; that this is right is the matter of
     * {@link ImageCodecTest}.
     */
    public static int[] samples(String name) {
        Codestream stream = GoldenStreams.named(name).stream();
        short[] samples =
                ImageCodec.of(stream.bytes()).orElseThrow().decode(stream).samples();
        int[] values = new int[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = samples[i] & 0xFFFF;
        }
        return values;
    }
}
