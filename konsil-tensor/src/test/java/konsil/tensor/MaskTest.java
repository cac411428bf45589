package konsil.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import konsil.kernel.KeyRanges;
import org.junit.jupiter.api.Test;

/** The mask against a matrix of who sees whom, written out from the published definition. */
final class MaskTest {
    /**
     * Runs of soft tokens of random length with zero to three words between them; 0-based image numbers, -1 for words.
     */
    private static int[] randomLayout(Random random) {
        int length = 1 + random.nextInt(60);
        var imageOf = new int[length];
        Arrays.fill(imageOf, -1);
        int image = 0;
        for (int p = random.nextInt(6); p < length; p += random.nextInt(4)) {
            int end = Math.min(length, p + 1 + random.nextInt(12));
            Arrays.fill(imageOf, p, end, image++);
            p = end;
        }
        return imageOf;
    }

    /**
     * Transformers builds the mask so: causal, OR-ed with "both tokens are soft tokens of one image"; on sliding layers
     * AND-ed with q - k smaller than the window.
     */
    private static boolean[][] matrix(int[] imageOf, int length, int window) {
        var sees = new boolean[length][length];
        for (int q = 0; q < length; q++) {
            for (int k = 0; k < length; k++) {
                boolean causal = k <= q;
                boolean near = q - k < window;
                boolean together = q < imageOf.length
                        && k < imageOf.length
                        && imageOf[q] != -1
                        && imageOf[k] != -1
                        && imageOf[q] == imageOf[k];
                sees[q][k] = (causal || together) && near;
            }
        }
        return sees;
    }

    private static void agrees(boolean[][] sees, KeyRanges ranges, int first) {
        for (int i = 0; i < ranges.queries(); i++) {
            for (int key = 0; key < sees.length; key++) {
                boolean inRange = ranges.from()[i] <= key && key < ranges.to()[i];
                assertThat(inRange).as("query %d sees key %d", first + i, key).isEqualTo(sees[first + i][key]);
            }
        }
    }

    @Test
    void piecesSeeThemselvesAlone() {
        var sees = new boolean[6][6];
        for (int q = 0; q < 6; q++) {
            for (int k = 0; k < 6; k++) {
                sees[q][k] = q < 2 && k < 2 || q == 2 && k == 2 || q > 2 && k > 2;
                assertThat(Mask.pieces(2, 0, 1, 3).sees(q, k)).isEqualTo(sees[q][k]);
            }
        }
        agrees(sees, Mask.pieces(2, 0, 1, 3).ranges(0, 6), 0);
        assertThat(Mask.pieces(7)).isSameAs(Mask.full());
        assertThatThrownBy(() -> Mask.pieces(2, 3).ranges(0, 4)).hasMessageContaining("5 tokens in all, asked for 4");
    }

    @Test
    void rangesAreTheMatrixForEveryLayoutWindowAndChunk() {
        var random = new Random(5);
        for (int round = 0; round < 400; round++) {
            int[] imageOf = randomLayout(random);
            int length = imageOf.length + random.nextInt(8);
            int window = random.nextInt(4) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(length + 3);
            var mask = Mask.causal(imageOf).window(window);
            var sees = matrix(imageOf, length, window);
            agrees(sees, mask.ranges(0, length), 0);
            for (int first = 0; first < length; ) {
                int most = Math.min(length - first, 13 + random.nextInt(length));
                int count = mask.chunk(first, most);
                agrees(sees, mask.ranges(first, count), first);
                first += count;
            }
        }
    }

    @Test
    void seesIsTheMatrix() {
        var random = new Random(6);
        for (int round = 0; round < 100; round++) {
            int[] imageOf = randomLayout(random);
            int length = imageOf.length + 3;
            int window = 1 + random.nextInt(length);
            var mask = Mask.causal(imageOf).window(window);
            var sees = matrix(imageOf, length, window);
            for (int q = 0; q < length; q++) {
                for (int k = 0; k < length; k++) {
                    assertThat(mask.sees(q, k)).isEqualTo(sees[q][k]);
                }
            }
        }
    }

    @Test
    void decodingLooksBackAWindow() {
        var ranges = Mask.causal(new int[] {-1, 0, 0, -1}).window(3).ranges(100, 1);
        assertThat(ranges.from()).containsExactly(98);
        assertThat(ranges.to()).containsExactly(101);
    }

    @Test
    void chunksCutNoImage() {
        var mask = Mask.causal(new int[] {-1, 0, 0, 0, 0, -1, -1, 1, 1, 1});
        assertThat(mask.chunk(0, 3)).isEqualTo(1);
        assertThat(mask.chunk(0, 5)).isEqualTo(5);
        assertThat(mask.chunk(1, 4)).isEqualTo(4);
        assertThat(mask.chunk(5, 4)).isEqualTo(2);
        assertThat(mask.chunk(7, 50)).isEqualTo(50);
        assertThatThrownBy(() -> mask.chunk(1, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot hold the image at position 1");
        assertThatThrownBy(() -> mask.ranges(0, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> mask.ranges(2, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fullSeesEverythingAndOnlyWholeSequences() {
        var ranges = Mask.full().ranges(0, 4);
        assertThat(ranges.from()).containsOnly(0);
        assertThat(ranges.to()).containsOnly(4);
        assertThat(Mask.full().sees(0, 3)).isTrue();
        assertThatThrownBy(() -> Mask.full().ranges(4, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Mask.full().window(3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neighbouringImagesStayApartAndNumbersAreUsedOnce() {
        var mask = Mask.causal(new int[] {7, 7, 3, 3});
        assertThat(mask.sees(0, 1)).isTrue();
        assertThat(mask.sees(1, 2)).isFalse();
        assertThat(mask.sees(2, 1)).isTrue();
        assertThatThrownBy(() -> Mask.causal(new int[] {0, -1, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("position 2");
    }
}
