package konsil.clinic.study;

import java.util.ArrayList;
import java.util.List;
import konsil.medgemma.inputs.Pictures;
import konsil.medgemma.inputs.SliceSampling;
import konsil.media.Raster;
import konsil.media.study.StudyPart;

/** Radiographs, photographs and frames of films, sampled as slices are. */
final class FramePictures implements Pictures {
    private record Frame(StudyPart.Pictures part, int number) {}

    private final List<Frame> frames = new ArrayList<>();
    private final int[] chosen;

    FramePictures(List<StudyPart.Pictures> parts, SliceSampling sampling) {
        for (var part : parts) {
            for (int i = 0; i < part.count(); i++) {
                frames.add(new Frame(part, i));
            }
        }
        chosen = sampling.of(frames.size());
    }

    @Override
    public int count() {
        return chosen.length;
    }

    @Override
    public Raster picture(int index) {
        Frame frame = frames.get(chosen[index]);
        return frame.part().picture().apply(frame.number());
    }

    @Override
    public String source(int index) {
        Frame frame = frames.get(chosen[index]);
        return "frame %d of %d".formatted(frame.number() + 1, frame.part().count());
    }

    /** Series of a picture that is shown. */
    String series(int index) {
        return frames.get(chosen[index]).part().series();
    }
}
