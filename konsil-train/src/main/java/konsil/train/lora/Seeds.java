package konsil.train.lora;

/** Seeds made of seeds, so that each thing that is drawn has its own and none depends on what was drawn before. */
public final class Seeds {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /** Of a number within a seed. */
    public static long of(long seed, long number) {
        long z = seed + GOLDEN * (number + 1);
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L; // the mixing of SplitMix64 (Steele et al., OOPSLA 2014)
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** Of a name within a seed. */
    public static long of(long seed, String name) {
        long mixed = seed;
        for (int i = 0; i < name.length(); i++) {
            mixed = of(mixed, name.charAt(i));
        }
        return mixed;
    }
}
