package konsil.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RasterTest {
    static Stream<List<String>> resizes() {
        return Golden.table("resize.tsv");
    }

    @ParameterizedTest
    @MethodSource("resizes")
    void resizesAsPillowToTheBit(List<String> row) {
        var from = Golden.picture(Integer.parseInt(row.get(0)), Integer.parseInt(row.get(1)), row.get(4));
        var to = from.resized(Integer.parseInt(row.get(2)), Integer.parseInt(row.get(3)));
        assertThat(to).hasToString("Raster[%s x %s]", row.get(2), row.get(3));
        assertThat(Golden.told(to.samples())).isEqualTo(row.get(5));
    }

    @Test
    void cropsARectangle() {
        var from = new Raster(3, 2, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17});
        assertThat(from.crop(1, 0, 2, 2))
                .isEqualTo(new Raster(2, 2, new byte[] {3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 16, 17}));
        assertThat(from.crop(2, 1, 1, 1)).isEqualTo(new Raster(1, 1, new byte[] {15, 16, 17}));
        assertThat(from.crop(0, 0, 3, 2)).isEqualTo(from);
    }

    @ParameterizedTest
    @CsvSource({
        "-1,0,1,1",
        "0,-1,1,1",
        "0,0,0,1",
        "0,0,1,0",
        "3,0,1,1",
        "0,2,1,1",
        "1,0,3,1",
        "0,0,1,2147483647",
        "2147483647,0,1,1"
    })
    void refusesACropBeyondThePicture(int x, int y, int width, int height) {
        var from = Golden.picture(3, 2, "noise");
        assertThatThrownBy(() -> from.crop(x, y, width, height)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void padsToASquareInTheMiddleTheWiderHalfLast() {
        byte[] pixel = {7, 8, 9};
        assertThat(new Raster(1, 1, pixel).paddedToSquare().samples()).isEqualTo(pixel);
        var tall = new Raster(1, 2, new byte[] {1, 2, 3, 4, 5, 6}).paddedToSquare();
        assertThat(tall).isEqualTo(new Raster(2, 2, new byte[] {1, 2, 3, 0, 0, 0, 4, 5, 6, 0, 0, 0}));
        var wide = Golden.picture(5, 2, "noise");
        var square = wide.paddedToSquare();
        assertThat(square.crop(0, 1, 5, 2)).isEqualTo(wide);
        assertThat(square.crop(0, 0, 5, 1)).isEqualTo(new Raster(5, 1, new byte[15]));
        assertThat(square.crop(0, 3, 5, 2)).isEqualTo(new Raster(5, 2, new byte[30]));
    }

    @Test
    void isItsSizeAndSamples() {
        var one = Golden.picture(4, 2, "noise");
        assertThat(one).isEqualTo(Golden.picture(4, 2, "noise")).hasSameHashCodeAs(Golden.picture(4, 2, "noise"));
        assertThat(one).isNotEqualTo(new Raster(2, 4, one.samples())).isNotEqualTo(Golden.picture(4, 2, "ramp"));
        assertThat(one.toString()).isEqualTo("Raster[4 x 2]");
    }

    @ParameterizedTest
    @CsvSource({"0,1,0", "1,0,0", "-1,-1,3", "2,2,11", "2,2,13", "2147483647,2147483647,3"})
    void refusesSamplesThatDoNotFitTheSize(int width, int height, int samples) {
        byte[] some = new byte[samples];
        assertThatThrownBy(() -> new Raster(width, height, some)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesToGrowBeyondAnArray() {
        var small = Golden.picture(2, 2, "noise");
        assertThatThrownBy(() -> small.resized(0, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> small.resized(40_000, 40_000)).isInstanceOf(IllegalArgumentException.class);
    }
}
