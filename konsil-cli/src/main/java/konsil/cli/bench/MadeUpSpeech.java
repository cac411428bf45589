package konsil.cli.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import konsil.medasr.Emissions;
import konsil.medasr.decoding.Pieces;

/** Sound, emissions and a language model that mean nothing, as large as real ones; the same for the same seed. */
final class MadeUpSpeech {
    private static final int TOKENS = 512;
    private static final int BLANKS = 2;
    /** Tokens that are likely in a frame where something is said. */
    private static final int LIKELY = 4;

    private static final int ORDER = 6;

    private MadeUpSpeech() {}

    /** Noise: what the network does with sound does not depend on it. */
    static float[] sound(int samples) {
        var random = new SplittableRandom(1);
        float[] sound = new float[samples];
        for (int i = 0; i < samples; i++) {
            sound[i] = (float) (0.1 * random.nextGaussian());
        }
        return sound;
    }

    static Pieces pieces() {
        return new Pieces(
                IntStream.range(0, TOKENS).mapToObj(MadeUpSpeech::piece).toList());
    }

    private static String piece(int token) {
        return token <= Pieces.UNKNOWN ? "<%d>".formatted(token) : (token % 2 == 0 ? "\u2581" : "") + "x" + token;
    }

    /** As a trained network has them: two frames of three blank, in the others one token likely and some possible. */
    static Emissions emissions(int frames) {
        var random = new SplittableRandom(2);
        float[] values = new float[frames * TOKENS];
        for (int frame = 0; frame < frames; frame++) {
            double[] weights = new double[TOKENS];
            Arrays.fill(weights, 1e-4);
            boolean blank = random.nextInt(BLANKS + 1) > 0;
            weights[blank ? Pieces.BLANK : 4 + random.nextInt(TOKENS - 4)] = 1;
            for (int i = 1; i < LIKELY; i++) {
                weights[random.nextInt(TOKENS)] += 0.02 * random.nextDouble();
            }
            double sum = 0;
            for (double weight : weights) {
                sum += weight;
            }
            for (int token = 0; token < TOKENS; token++) {
                values[frame * TOKENS + token] = (float) Math.log(weights[token] / sum);
            }
        }
        return new Emissions(frames, TOKENS, values);
    }

    /**
     * Writes a model of 6-grams over the pieces as an ARPA file.
     *
     * @param each how many n-grams there are of each length from 3 on
     */
    static void writeModel(Path file, int each) throws IOException {
        var random = new SplittableRandom(3);
        var lengths = new ArrayList<List<List<Integer>>>();
        lengths.add(IntStream.range(0, TOKENS).mapToObj(List::of).toList());
        for (int length = 2; length <= ORDER; length++) {
            lengths.add(longer(lengths.getLast(), length == 2 ? Math.min(each, 100_000) : each, random));
        }
        try (var out = Files.newBufferedWriter(file)) {
            out.write("\\data\\\n");
            for (int length = 1; length <= ORDER; length++) {
                int extra = length == 1 ? 3 - 1 - Pieces.UNKNOWN : 0;
                out.write("ngram %d=%d\n"
                        .formatted(length, lengths.get(length - 1).size() + extra));
            }
            for (int length = 1; length <= ORDER; length++) {
                write(out, lengths.get(length - 1), length, random);
            }
            out.write("\n\\end\\\n");
        }
    }

    private static List<List<Integer>> longer(List<List<Integer>> shorter, int count, SplittableRandom random) {
        var grams = new HashSet<List<Integer>>();
        while (grams.size() < count) {
            var gram = new ArrayList<>(shorter.get(random.nextInt(shorter.size())));
            gram.add(4 + random.nextInt(TOKENS - 4));
            if (gram.getFirst() > Pieces.UNKNOWN) {
                grams.add(List.copyOf(gram));
            }
        }
        return List.copyOf(grams);
    }

    private static void write(BufferedWriter out, List<List<Integer>> grams, int length, SplittableRandom random)
            throws IOException {
        out.write("\n\\%d-grams:\n".formatted(length));
        if (length == 1) {
            out.write("-3\t<unk>\n-99\t<s>\t-0.3\n-2\t</s>\n");
        }
        for (var gram : grams) {
            if (gram.getFirst() <= Pieces.UNKNOWN) {
                continue;
            }
            var line = new StringBuilder("-%d.%d\t".formatted(1 + random.nextInt(3), random.nextInt(10)));
            for (int i = 0; i < length; i++) {
                line.append(i > 0 ? " " : "").append(piece(gram.get(i)).replace('\u2581', '#'));
            }
            out.write(line.append(length < ORDER ? "\t-0.%d\n".formatted(1 + random.nextInt(9)) : "\n")
                    .toString());
        }
    }
}
