package konsil.train.run;

import java.util.SplittableRandom;
import konsil.train.lora.Seeds;

/** In which order examples come: each epoch shuffled anew, by the seed and the epoch's number alone. */
public record EpochOrder(int examples, long seed) {
    /** Which example stands at this place of the endless row of epochs. */
    public int at(long place) {
        return order(place / examples)[(int) (place % examples)];
    }

    /** Those from a place on. */
    public int[] from(long place, int count) {
        var taken = new int[count];
        long epoch = -1;
        int[] order = new int[0];
        for (int i = 0; i < count; i++) {
            if ((place + i) / examples != epoch) {
                epoch = (place + i) / examples;
                order = order(epoch);
            }
            taken[i] = order[(int) ((place + i) % examples)];
        }
        return taken;
    }

    /** Fisher and Yates. */
    private int[] order(long epoch) {
        var random = new SplittableRandom(Seeds.of(seed, epoch));
        var order = new int[examples];
        for (int i = 0; i < examples; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
