package konsil.media.dicom;

/** Samples in another order or width. */
final class Planes {
    private Planes() {}

    /** Planes one after the other to samples of one pixel after the other. */
    static Samples woven(Samples planes, PixelLayout layout) {
        int samples = layout.samplesPerPixel();
        int pixels = planes.size() / samples;
        return switch (planes) {
            case Samples.Bytes(var words) -> {
                byte[] out = new byte[words.length];
                for (int i = 0, to = 0; i < pixels; i++) {
                    for (int s = 0; s < samples; s++) {
                        out[to++] = words[s * pixels + i];
                    }
                }
                yield new Samples.Bytes(out);
            }
            case Samples.Shorts(var words) -> {
                short[] out = new short[words.length];
                for (int i = 0, to = 0; i < pixels; i++) {
                    for (int s = 0; s < samples; s++) {
                        out[to++] = words[s * pixels + i];
                    }
                }
                yield new Samples.Shorts(out);
            }
            case Samples.Ints(var words) -> {
                int[] out = new int[words.length];
                for (int i = 0, to = 0; i < pixels; i++) {
                    for (int s = 0; s < samples; s++) {
                        out[to++] = words[s * pixels + i];
                    }
                }
                yield new Samples.Ints(out);
            }
            case Samples.Floats _, Samples.Doubles _ -> planes;
        };
    }

    static byte[] narrowed(short[] words) {
        byte[] bytes = new byte[words.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) words[i];
        }
        return bytes;
    }
}
