package konsil.phantom.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.media.PngWriter;
import konsil.media.Raster;
import konsil.phantom.text.Chance;
import konsil.phantom.text.JsonForm;
import konsil.tensor.file.Json;

/**
 * A made-up case as a model sees it.
 *
 * @param kind ct, xray, slide or mr
 * @param pictures in the order in which they are shown
 * @param labelled whether "SLICE k" stands behind each picture
 * @param truth what is there: finding, side, change, grade, boxes
 * @param questions all that can be asked of it, each true
 */
public record ImageCase(
        String kind, List<Raster> pictures, boolean labelled, Json.Obj truth, List<Question> questions) {
    public ImageCase {
        pictures = List.copyOf(pictures);
        questions = List.copyOf(questions);
    }

    /** Writes the pictures as PNG; their names, relative to the folder. @param name what they begin with */
    public List<String> write(Path folder, String name) throws IOException {
        var names = new ArrayList<String>();
        for (int i = 0; i < pictures.size(); i++) {
            String file = pictures.size() == 1 ? name + ".png" : "%s-%d.png".formatted(name, i + 1);
            PngWriter.write(folder.resolve(file), pictures.get(i));
            names.add(file);
        }
        return names;
    }

    /** The pictures of a user's turn, with labels for slices. */
    List<Json> shown(List<String> files) {
        var content = new ArrayList<Json>();
        for (int i = 0; i < files.size(); i++) {
            content.add(JsonForm.picture(files.get(i)));
            if (labelled) content.add(JsonForm.words("SLICE " + (i + 1)));
        }
        return content;
    }

    /** One of the questions, by what it asks for: each such thing as likely, then each question of it. */
    Question chosen(Chance chance) {
        String about =
                chance.of(questions.stream().map(Question::about).distinct().toList());
        return chance.of(questions.stream()
                .filter(question -> question.about().equals(about))
                .toList());
    }
}
