package konsil.train.run;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The figures of a run as one HTML page that needs nothing else: no scripts, no pictures from elsewhere. */
public final class CurvesPage {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 220;
    private static final int LEFT = 70;
    private static final int BOTTOM = 28;
    private static final int TOP = 10;
    private static final int MOST_POINTS = 2000;
    private static final int GRID = 4;

    private CurvesPage() {}

    /**
     * The page.
     *
     * @param facts about the run, shown in a table
     */
    public static String of(String title, Map<String, String> facts, Metrics metrics) {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escaped(title))
                .append("</title><style>body{font:15px/1.5 system-ui,sans-serif;max-width:780px;margin:2em auto;")
                .append("padding:0 1em;color:#222;background:#fff}h2{font-size:1em;margin:1.6em 0 .2em}")
                .append("td{padding:0 1em 0 0;vertical-align:top}svg{width:100%;height:auto}")
                .append("text{font:12px system-ui,sans-serif;fill:#555}</style></head><body><h1>")
                .append(escaped(title))
                .append("</h1><table>");
        facts.forEach((name, value) -> page.append("<tr><td>")
                .append(escaped(name))
                .append("</td><td>")
                .append(escaped(value))
                .append("</td></tr>"));
        page.append("</table>");
        for (String name : metrics.names()) {
            page.append("<h2>").append(escaped(name.replace('_', ' '))).append("</h2>");
            page.append(curve(name, thinned(metrics.curve(name))));
        }
        return page.append("<p>Not a medical device.</p></body></html>\n").toString();
    }

    private static List<double[]> thinned(List<double[]> points) {
        int every = Math.ceilDiv(points.size(), MOST_POINTS);
        return every <= 1
                ? points
                : IntStream.range(0, points.size())
                        .filter(i -> i % every == 0 || i == points.size() - 1)
                        .mapToObj(points::get)
                        .toList();
    }

    private static String curve(String name, List<double[]> points) {
        double first = points.getFirst()[0];
        double last = Math.max(points.getLast()[0], first + 1);
        double low = points.stream().mapToDouble(p -> p[1]).min().orElse(0);
        double most = points.stream().mapToDouble(p -> p[1]).max().orElse(1);
        double high = most > low ? most : low + Math.max(1e-12, Math.abs(low) / 10);
        var svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s by step\">",
                WIDTH,
                HEIGHT,
                escaped(name)));
        for (int i = 0; i <= GRID; i++) {
            double value = low + (high - low) * i / GRID;
            double y = y(value, low, high);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>",
                    LEFT,
                    WIDTH,
                    y,
                    y));
            svg.append(String.format(
                    Locale.ROOT, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.4g</text>", LEFT - 6, y + 4, value));
        }
        svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">step %.0f</text>", LEFT, HEIGHT - 8, first));
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.0f</text>",
                WIDTH,
                HEIGHT - 8,
                points.getLast()[0]));
        svg.append("<polyline fill=\"none\" stroke=\"#1b6ca8\" stroke-width=\"1.5\" points=\"");
        for (double[] p : points) {
            double x = LEFT + (WIDTH - LEFT) * (p[0] - first) / (last - first);
            svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y(p[1], low, high)));
        }
        svg.append("\"/>");
        if (points.size() == 1) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%d\" cy=\"%.1f\" r=\"3\" fill=\"#1b6ca8\"/>",
                    LEFT,
                    y(points.getFirst()[1], low, high)));
        }
        return svg.append("</svg>").toString();
    }

    private static double y(double value, double low, double high) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - low) / (high - low));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
