package konsil.cli.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One measured figure.
 *
 * @param name what was done
 * @param cores on how many cores
 * @param value how fast, in {@code unit}
 * @param unit GFLOP/s, GB/s, ...
 * @param share of the limit measured in the same run, in percent; 0 where there is none
 * @param limit what the share is of
 * @param target least share that is aimed at; 0 where there is none
 */
public record Figure(String name, int cores, double value, String unit, double share, String limit, double target) {
    /** A figure that is itself a limit. */
    static Figure limit(String name, int cores, double value, String unit) {
        return new Figure(name, cores, value, unit, 0, "", 0);
    }

    boolean reached() {
        return share >= target;
    }

    Map<String, Object> json() {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", name);
        map.put("cores", cores);
        map.put("value", rounded(value));
        map.put("unit", unit);
        if (!limit.isEmpty()) {
            map.put("share_percent", rounded(share));
            map.put("share_of", limit);
        }
        if (target > 0) {
            map.put("target_percent", rounded(target));
            map.put("reached", reached());
        }
        return map;
    }

    private static double rounded(double number) {
        return Math.round(number * 100) / 100.0;
    }
}
