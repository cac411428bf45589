package konsil.cli.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One measured figure.
 *
 * @param name what was done
 * @param cores on how many cores
 * @param value how fast, in {@code unit}
 * @param unit GFLOP/s, GB/s, tokens/s, s, ...
 * @param share what part that is of something measured in the same run
 * @param aim what it is held against
 * @param scales whether several cores are to be faster than one
 */
record Figure(
        String name, int cores, double value, String unit, Optional<Share> share, Optional<Aim> aim, boolean scales) {
    /**
     * @param percent of it
     * @param of a limit, or another figure
     */
    record Share(double percent, String of) {}

    /**
     * A bound for the value, or for the share.
     *
     * @param most whether less is better
     * @param ofShare whether the bound is one of the share, in percent
     */
    record Aim(double bound, boolean most, boolean ofShare) {}

    static Figure of(String name, int cores, double value, String unit) {
        return new Figure(name, cores, value, unit, Optional.empty(), Optional.empty(), false);
    }

    Figure share(double percent, String of) {
        return new Figure(name, cores, value, unit, Optional.of(new Share(percent, of)), aim, scales);
    }

    Figure aim(Aim bound) {
        return new Figure(name, cores, value, unit, share, Optional.of(bound), scales);
    }

    Figure aim(Optional<Aim> bound) {
        return bound.map(this::aim).orElse(this);
    }

    /** The same, of which several cores are to do more than one does. */
    Figure scaling() {
        return new Figure(name, cores, value, unit, share, aim, true);
    }

    static Aim atLeast(double value) {
        return new Aim(value, false, false);
    }

    static Aim atMost(double value) {
        return new Aim(value, true, false);
    }

    static Aim shareAtLeast(double percent) {
        return new Aim(percent, false, true);
    }

    static Aim shareAtMost(double percent) {
        return new Aim(percent, true, true);
    }

    /** Whether it is as good as its aim; true without one. */
    boolean reached() {
        return aim.map(this::reached).orElse(true);
    }

    private boolean reached(Aim bound) {
        double measured = bound.ofShare() ? share.map(Share::percent).orElse(0.0) : value;
        return bound.most() ? measured <= bound.bound() : measured >= bound.bound();
    }

    /** How much faster than with another number of cores: a ratio above 1. */
    double times(Figure slower) {
        return unit.equals("s") ? slower.value / value : value / slower.value;
    }

    /** "57.1 % of int8 peak (aim: at least 65 %, reached)", or less where there is less. */
    String beside() {
        String text = share.map(part -> String.format(Locale.ROOT, " %6.1f %% of %s", part.percent(), part.of()))
                .orElse("");
        return text + aim.map(this::text).orElse("");
    }

    private String text(Aim bound) {
        return String.format(
                Locale.ROOT,
                " (aim: at %s %s %s, %s)",
                bound.most() ? "most" : "least",
                threeDigits(bound.bound()),
                bound.ofShare() ? "%" : unit,
                reached() ? "reached" : "not reached");
    }

    /** 114.04006 as 114, 18.8235 as 18.8: a bound is no more exact than that. */
    private static String threeDigits(double number) {
        return new BigDecimal(number)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }

    Map<String, Object> json() {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", name);
        map.put("cores", cores);
        map.put("value", rounded(value));
        map.put("unit", unit);
        share.ifPresent(part -> {
            map.put("share_percent", rounded(part.percent()));
            map.put("share_of", part.of());
        });
        aim.ifPresent(bound -> {
            map.put(
                    (bound.ofShare() ? "share_" : "") + (bound.most() ? "at_most" : "at_least"),
                    rounded(bound.bound()));
            map.put("reached", reached());
        });
        return map;
    }

    private static double rounded(double number) {
        return Math.round(number * 100) / 100.0;
    }
}
