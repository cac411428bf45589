package konsil.cli.tune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.clinic.Message.Content;
import konsil.clinic.study.ShownStudy;
import konsil.clinic.study.StudySelection;
import konsil.media.Raster;
import konsil.media.study.Study;
import konsil.tensor.BadInputException;
import konsil.train.data.Studies;

/**
 * Studies as {@code konsil ask --study} tells them to a model, with the published settings. Pictures are made again
 * when they are needed; the last studies that were used stay open for that.
 */
final class StudyPieces implements Studies, AutoCloseable {
    private static final int KEPT_OPEN = 2;

    private final Map<Path, OpenStudy> open = new LinkedHashMap<>();

    private record OpenStudy(Study study, ShownStudy shown) {
        void close() throws IOException {
            shown.close();
            study.close();
        }
    }

    @Override
    public synchronized List<Shown> show(Path path) throws IOException {
        var shown = open(path);
        var pieces = new ArrayList<Shown>();
        int next = 0;
        for (var content : shown.contents(shown.instruction(), "")) {
            switch (content) {
                case Content.Words(var text) when !text.isBlank() -> pieces.add(new Shown.Words(text));
                case Content.Words _ -> {}
                case Content.Shown(var picture) -> {
                    int index = next++;
                    pieces.add(new Shown.Picture(picture.sha256(), () -> raster(path, index)));
                }
            }
        }
        return pieces;
    }

    private synchronized Raster raster(Path path, int index) throws IOException {
        return open(path).raster(index);
    }

    private ShownStudy open(Path path) throws IOException {
        var known = open.get(path);
        if (known != null) {
            return known.shown();
        }
        if (open.size() >= KEPT_OPEN) {
            var oldest = open.keySet().iterator().next();
            open.remove(oldest).close();
        }
        var study = Study.open(path);
        try {
            var parts = study.shown();
            if (parts.size() != 1) {
                throw new BadInputException(
                        "study: want one part that can be shown, got %d; see konsil study".formatted(parts.size()));
            }
            var shown = ShownStudy.of(parts, StudySelection.published());
            open.put(path, new OpenStudy(study, shown));
            return shown;
        } catch (IOException | RuntimeException e) {
            study.close();
            throw e;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        for (var each : open.values()) {
            each.close();
        }
        open.clear();
    }
}
