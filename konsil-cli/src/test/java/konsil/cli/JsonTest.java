package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void everyKindOfValueInItsOrder() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("z", "quote \" and \u00e9");
        value.put("a", List.of(1, 2L, 0.5, true));
        value.put("level", Finding.Level.NOTE);
        value.put("empty", Map.of());
        assertThat(Json.indented(value).replaceAll("\\s+", " "))
                .isEqualTo("{ \"z\" : \"quote \\\" and \u00e9\", \"a\" : [ 1, 2, 0.5, true ], \"level\" : \"NOTE\","
                        + " \"empty\" : { } }");
    }

    @Test
    void refusesWhatJsonCannotSay() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.indented(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.indented(List.of(new Object())));
    }

    @Test
    void sizesReadWell() {
        assertThat(Sizes.text(0)).isEqualTo("0 B");
        assertThat(Sizes.text(1023)).isEqualTo("1023 B");
        assertThat(Sizes.text(1024)).isEqualTo("1.00 KiB");
        assertThat(Sizes.text(15L << 19)).isEqualTo("7.50 MiB");
        assertThat(Sizes.text(24L << 30)).isEqualTo("24.0 GiB");
        assertThat(Sizes.text(100L << 30)).isEqualTo("100 GiB");
        assertThat(Sizes.text(Long.MAX_VALUE)).isEqualTo("8.00 EiB");
    }
}
