package konsil.medgemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import konsil.media.Raster;
import konsil.tensor.BadInputException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PanAndScanTest {
    static Stream<List<String>> golden() {
        return PixelGolden.table("crops.tsv");
    }

    /** Every pixel tells where it stands: x in the first two samples' bytes, y in the rest. */
    private static Raster map(int width, int height) {
        byte[] samples = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            int x = i % width;
            int y = i / width;
            samples[3 * i] = (byte) x;
            samples[3 * i + 1] = (byte) (x >> 8 | y >> 8 << 6);
            samples[3 * i + 2] = (byte) y;
        }
        return new Raster(width, height, samples);
    }

    private static String place(Raster crop) {
        byte[] first = crop.samples();
        int x = first[0] & 0xFF | (first[1] & 0x3F) << 8;
        int y = first[2] & 0xFF | (first[1] & 0xC0) << 2;
        return "%d,%d,%d,%d".formatted(x, y, crop.width(), crop.height());
    }

    @ParameterizedTest
    @MethodSource("golden")
    void cutsAsTheReference(List<String> row) {
        int width = Integer.parseInt(row.get(0));
        int height = Integer.parseInt(row.get(1));
        var scan = new PanAndScan(
                Integer.parseInt(row.get(2)), Integer.parseInt(row.get(3)), Double.parseDouble(row.get(4)));
        // y has ten bits in the map: tall pictures are tried lying, which the reference treats alike
        boolean tall = height >= 1024;
        var crops = scan.crops(tall ? map(height, width) : map(width, height));
        var places = new ArrayList<String>();
        for (Raster crop : crops) {
            String[] p = place(crop).split(",");
            places.add(tall ? String.join(",", p[1], p[0], p[3], p[2]) : String.join(",", p));
        }
        assertThat(places).isEqualTo(row.subList(5, row.size()));
    }

    @ParameterizedTest
    @CsvSource({"0,4,1.2", "256,0,1.2", "256,4,0.9", "256,4,NaN"})
    void refusesSettingsWithoutSense(int size, int crops, double ratio) {
        assertThatThrownBy(() -> new PanAndScan(size, crops, ratio)).isInstanceOf(BadInputException.class);
    }
}
