package konsil.phantom.text;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Seeded choices. The same seed, kind and index give the same choices, on every machine. */
public final class Chance {
    private final SplittableRandom random;

    /**
     * The choices of one made-up case.
     *
     * @param kind what is made, so that cases of several kinds with one seed differ
     * @param index of the case
     */
    public Chance(long seed, String kind, long index) {
        random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + index * 0xd1342543de82ef95L + kind.hashCode());
    }

    /** One of several, each as likely. */
    public <T> T of(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** One of several words. */
    @SafeVarargs
    public final <T> T of(T... all) {
        return all[random.nextInt(all.length)];
    }

    /** A whole number of this range, ends included. */
    public int between(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    /** A number of this range. */
    public double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** True with this probability. */
    public boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    /** A normal variable of mean 0 and variance 1. */
    public double normal() {
        return random.nextGaussian();
    }

    /** Some of several, different ones, in their order. @param count at most as many as there are */
    public <T> List<T> some(List<T> all, int count) {
        var left = new ArrayList<>(all);
        while (left.size() > count) left.remove(random.nextInt(left.size()));
        return List.copyOf(left);
    }
}
