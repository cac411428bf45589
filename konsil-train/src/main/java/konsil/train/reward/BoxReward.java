package konsil.train.reward;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import konsil.medgemma.inputs.Localisation;
import konsil.medgemma.inputs.Localisation.Box;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;

/**
 * How far the boxes of a completion lie on those of "boxes", a list of {@code {"box_2d": [y0, x0, y1, x1]}} in
 * thousandths of the padded square: pairs of largest intersection over union, summed, by the larger number of boxes.
 */
public final class BoxReward extends Reward.Each {
    private static final String BOXES = "boxes";

    @Override
    public String name() {
        return "box_iou";
    }

    @Override
    public void requireUsable(Map<String, Json> more) {
        wanted(more);
    }

    private static List<Box> wanted(Map<String, Json> more) {
        if (more.get(BOXES) instanceof Json.Arr list
                && Localisation.boxes(list.write()) instanceof Localisation.Boxes.Found(var boxes)
                && boxes.size() == list.items().size()) {
            return boxes;
        }
        throw new BadInputException(
                "boxes: want a list of {\"box_2d\": [y0, x0, y1, x1]}, 0 to 1000, beside the messages");
    }

    @Override
    protected double of(Judged judged) {
        return switch (Localisation.boxes(judged.completion())) {
            case Localisation.Boxes.Unreadable _ -> 0;
            case Localisation.Boxes.Found(var got) -> overlap(got, wanted(judged.more()));
        };
    }

    /** The best pair first, then the best of those that are left. */
    private static double overlap(List<Box> got, List<Box> want) {
        var left = new ArrayList<>(got);
        var open = new ArrayList<>(want);
        double sum = 0;
        while (!left.isEmpty() && !open.isEmpty()) {
            int bestGot = 0;
            int bestWant = 0;
            double best = -1;
            for (int i = 0; i < left.size(); i++) {
                for (int j = 0; j < open.size(); j++) {
                    double iou = iou(left.get(i), open.get(j));
                    if (iou > best) {
                        best = iou;
                        bestGot = i;
                        bestWant = j;
                    }
                }
            }
            sum += best;
            left.remove(bestGot);
            open.remove(bestWant);
        }
        return sum / Math.max(got.size(), want.size());
    }

    static double iou(Box a, Box b) {
        double height = Math.min(a.y1(), b.y1()) - Math.max(a.y0(), b.y0());
        double width = Math.min(a.x1(), b.x1()) - Math.max(a.x0(), b.x0());
        double common = Math.max(0, height) * Math.max(0, width);
        return common / (area(a) + area(b) - common);
    }

    private static double area(Box box) {
        return (box.y1() - box.y0()) * (box.x1() - box.x0());
    }
}
