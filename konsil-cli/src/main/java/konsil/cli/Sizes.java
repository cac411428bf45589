package konsil.cli;

import java.util.List;
import java.util.Locale;

/** Amounts of memory, as people read them: powers of 1024, three digits. */
public final class Sizes {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");

    private Sizes() {}

    /** 0 to 1023 as "n B", above that like "1.50 GiB". */
    public static String text(long bytes) {
        double value = bytes;
        int unit = 0;
        while (Math.abs(value) >= 1024 && unit + 1 < UNITS.size()) {
            value /= 1024;
            unit++;
        }
        if (unit == 0) return bytes + " B";
        String format = Math.abs(value) < 10 ? "%.2f %s" : Math.abs(value) < 100 ? "%.1f %s" : "%.0f %s";
        return String.format(Locale.ROOT, format, value, UNITS.get(unit));
    }
}
