package konsil.phantom.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import konsil.phantom.text.Chance;
import konsil.phantom.text.JsonForm;
import konsil.tensor.file.Json;

/** One chest on two days, with an opacity or fluid that became better, stayed, or became worse. */
final class XrayPatient {
    private static final List<String> STRUCTURES =
            List.of("right clavicle", "left clavicle", "heart", "right lung", "left lung");

    /** @param finding opacity or pleural effusion @param prior its size, 0..1 @param current its size now */
    record Course(String finding, int side, String change, double prior, double current) {}

    private final Chance chance;
    private final ChestFilm chest;
    private final Course course;
    private final double across;
    private final double down;

    XrayPatient(Chance chance) {
        this.chance = chance;
        chest = new ChestFilm(chance);
        String finding = chance.of("lung opacity", "pleural effusion");
        int side = chance.happens(0.5) ? 1 : -1;
        String change = chance.of("better", "stable", "worse");
        double large = chance.between(0.75, 1.0);
        double small = chance.between(0.3, 0.45);
        double same = chance.between(0.4, 1.0);
        course = switch (change) {
            case "better" -> new Course(finding, side, change, large, small);
            case "worse" -> new Course(finding, side, change, small, large);
            default -> new Course(finding, side, change, same, same * chance.between(0.96, 1.04));
        };
        across = chance.between(-0.35, 0.35);
        down = chance.between(-0.45, 0.25);
    }

    Course course() {
        return course;
    }

    /** Levels of one day. @param current or else the prior one */
    int[] levels(int side, boolean current, double noise) {
        var film = chest.film(side);
        double size = current ? course.current() : course.prior();
        var lung = chest.lung(course.side());
        if (course.finding().equals("pleural effusion")) {
            film.add((x, y) -> fluid(lung, size, x, y));
        } else {
            double r = 45 + 75 * size;
            double cx = lung.x() + across * lung.rx();
            double cy = lung.y() + down * lung.ry();
            film.add((x, y) -> {
                double q = ((x - cx) * (x - cx) + (y - cy) * (y - cy)) / (r * r);
                double edge = Math.max(0, 1 - q);
                return lung.share(x, y) > 0 ? (5 + 4 * size) * edge * Math.sqrt(edge) : 0;
            });
        }
        return film.levels(chance, noise);
    }

    /** A fluid level that rises along the chest wall. */
    private static double fluid(ChestFilm.Lung lung, double size, double x, double y) {
        double out = Math.abs(x - lung.x() - lung.side() * 0.9 * lung.rx()) / lung.rx();
        double surface = lung.base() + 50 - 300 * size - 60 * Math.max(0, 1 - out);
        double share = lung.share(x, y);
        return share <= 0 || y < surface ? 0 : 12 * share * Math.min(1, (y - surface) / 25);
    }

    /** Boxes y0, x0, y1, x1, whole thousandths. */
    Map<String, List<Integer>> boxes() {
        var boxes = new LinkedHashMap<String, List<Integer>>();
        chest.boxes().forEach((name, box) -> {
            var whole = new ArrayList<Integer>();
            for (double edge : box) whole.add(Math.clamp(Math.round(edge), 0, 1000));
            boxes.put(name, List.copyOf(whole));
        });
        return boxes;
    }

    Json.Obj truth() {
        SequencedMap<String, Json> boxes = new LinkedHashMap<>();
        boxes().forEach((name, box) -> boxes.put(name, JsonForm.array(box)));
        return JsonForm.object(
                "finding",
                course.finding(),
                "side",
                sideWord(),
                "change",
                course.change(),
                "boxes",
                new Json.Obj(boxes));
    }

    private String sideWord() {
        return course.side() > 0 ? "left" : "right";
    }

    List<Question> questions() {
        var all = new ArrayList<Question>();
        all.add(new Question("change", "How has the finding changed: better, stable or worse?", course.change()));
        all.add(new Question("finding", "What is the main finding?", course.finding()));
        all.add(new Question("side", "On which side is the " + course.finding() + "?", sideWord()));
        var boxes = boxes();
        for (String structure : STRUCTURES) {
            String answer = "Final Answer: ```json[{\"box_2d\": %s, \"label\": \"%s\"}]```"
                    .formatted(boxes.get(structure), structure);
            all.add(new Question("box", "Where is the " + structure + "?", answer));
        }
        return all;
    }
}
