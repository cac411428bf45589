package konsil.clinic.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import konsil.clinic.Message.Content;
import konsil.clinic.Picture;
import konsil.clinic.Picture.Origin;
import konsil.medgemma.inputs.AxialVolume;
import konsil.medgemma.inputs.CtSettings;
import konsil.medgemma.inputs.CtSlices;
import konsil.medgemma.inputs.CtWindow;
import konsil.medgemma.inputs.ImagePrompts;
import konsil.medgemma.inputs.MrSlices;
import konsil.medgemma.inputs.Pictures;
import konsil.medgemma.inputs.SlidePatches;
import konsil.media.Canvas;
import konsil.media.ContactSheet;
import konsil.media.Raster;
import konsil.media.Volume;
import konsil.media.slide.Slide;
import konsil.media.study.StudyPart;
import konsil.tensor.BadInputException;
import konsil.text.Piece;
import konsil.text.Turn;

/** Parts of studies as a model is shown them. Pictures are made one by one, so studies must stay open. */
public final class ShownStudy implements AutoCloseable {
    /** How a kind of study is told to a model. */
    public enum Kind {
        /** Slices with labels, an instruction before and the question behind. */
        CT,
        /** As CT; no instruction was published. */
        MR,
        /** The instruction with the question, then patches. */
        SLIDE,
        /** Pictures, then the question. */
        PICTURES
    }

    private final Kind kind;
    private final Pictures pictures;
    private final IntFunction<String> series;
    private final String prepared;
    private final List<String> notes;
    private final List<Slide> slides;

    private ShownStudy(Kind kind, Pictures pictures, IntFunction<String> series, String prepared, List<String> notes) {
        this.kind = kind;
        this.pictures = pictures;
        this.series = series;
        this.prepared = prepared;
        this.notes = List.copyOf(notes);
        slides = new ArrayList<>();
    }

    /**
     * @param parts several volumes of one kind, stacked before slices are chosen; or one slide; or pictures
     * @throws BadInputException when they are of several kinds, or nothing is left to show
     * @throws konsil.media.BadMediaException when one cannot be read
     * @throws IOException when the disk fails
     */
    public static ShownStudy of(List<StudyPart> parts, StudySelection selection) throws IOException {
        var volumes = only(parts, StudyPart.Volumes.class);
        var pictures = only(parts, StudyPart.Pictures.class);
        var slides = only(parts, StudyPart.Glass.class);
        if (!volumes.isEmpty() && volumes.size() == parts.size()) {
            return volumes(volumes, selection);
        }
        if (!pictures.isEmpty() && pictures.size() == parts.size()) {
            var frames = new FramePictures(pictures, selection.sampling());
            return new ShownStudy(
                    Kind.PICTURES,
                    frames,
                    frames::series,
                    "8 bits as stored, deeper grey from smallest to largest value",
                    List.of());
        }
        if (slides.size() == 1 && parts.size() == 1) {
            return slide(slides.getFirst(), selection);
        }
        throw new BadInputException(
                "study: want volumes, or pictures, or one slide to show; got %d, %d and %d of them, %d parts in all"
                        .formatted(volumes.size(), pictures.size(), slides.size(), parts.size()));
    }

    private static <P> List<P> only(List<StudyPart> parts, Class<P> kind) {
        return parts.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static ShownStudy volumes(List<StudyPart.Volumes> parts, StudySelection selection) throws IOException {
        var volumes = new ArrayList<Volume>();
        var notes = new ArrayList<String>();
        for (var part : parts) {
            var loaded = part.loading().load(selection.gaps());
            notes.addAll(loaded.notes());
            Volume volume = selection.unit().isPresent()
                    ? loaded.volume().with(selection.unit().get())
                    : loaded.volume();
            if (selection.axial() || part.modality().isEmpty()) {
                var axial = AxialVolume.of(volume);
                notes.add("slices " + axial.how());
                volume = axial.volume();
            }
            volumes.add(volume);
        }
        long ct =
                volumes.stream().filter(v -> v.unit() == Volume.Unit.HOUNSFIELD).count();
        if (ct != 0 && ct != volumes.size()) {
            throw new BadInputException("study: want CT or MR, got volumes of both; ask about one after the other");
        }
        return ct > 0 ? ct(parts, volumes, notes, selection) : mr(parts, volumes, notes, selection);
    }

    private static ShownStudy ct(
            List<StudyPart.Volumes> parts, List<Volume> volumes, List<String> notes, StudySelection selection) {
        var slices = CtSlices.of(volumes, new CtSettings(selection.windows(), selection.sampling()));
        var windows = selection.windows().stream().map(CtWindow::toString).toList();
        var series = seriesOf(parts, volumes, slices.slices());
        return new ShownStudy(
                Kind.CT, slices, series::get, "red, green, blue %s HU".formatted(String.join(", ", windows)), notes);
    }

    private static ShownStudy mr(
            List<StudyPart.Volumes> parts, List<Volume> volumes, List<String> notes, StudySelection selection) {
        var slices = MrSlices.of(volumes, selection.sampling());
        var series = seriesOf(parts, volumes, slices.slices());
        return new ShownStudy(Kind.MR, slices, series::get, "each volume from smallest to largest value", notes);
    }

    /** @param slices numbers through all volumes, from 1 */
    private static List<String> seriesOf(List<StudyPart.Volumes> parts, List<Volume> volumes, List<Integer> slices) {
        var series = new ArrayList<String>();
        for (int slice : slices) {
            int volume = 0;
            int before = volumes.getFirst().slices();
            while (slice > before) {
                before += volumes.get(++volume).slices();
            }
            series.add(parts.get(volume).series());
        }
        return series;
    }

    private static ShownStudy slide(StudyPart.Glass part, StudySelection selection) throws IOException {
        Slide slide = part.open();
        try {
            var settings = selection.patches();
            var patches = SlidePatches.of(slide, settings);
            String prepared = "%s fold, %d of %d patches with tissue, seed %d"
                    .formatted(settings.magnification(), patches.count(), patches.found(), settings.seed());
            var shown = new ShownStudy(Kind.SLIDE, patches, _ -> part.series(), prepared, List.of(prepared));
            shown.slides.add(slide);
            return shown;
        } catch (RuntimeException e) {
            slide.close();
            throw e;
        }
    }

    public Kind kind() {
        return kind;
    }

    /** How many pictures. */
    public int count() {
        return pictures.count();
    }

    /** One of them, counted from 0. */
    public Raster raster(int index) {
        return pictures.picture(index);
    }

    /** How values became levels, for people. */
    public String prepared() {
        return prepared;
    }

    /** What was found and done on the way. */
    public List<String> notes() {
        return notes;
    }

    /** The published words before the question; empty where none were published. */
    public String instruction() {
        return switch (kind) {
            case CT -> ImagePrompts.CT_INSTRUCTION;
            case SLIDE -> ImagePrompts.PATHOLOGY_INSTRUCTION;
            case MR, PICTURES -> "";
        };
    }

    /** What a user's turn says, in the published order; the pictures are made here. */
    public List<Content> contents(String instruction, String question) {
        Turn turn =
                switch (kind) {
                    case CT, MR -> ImagePrompts.slices(instruction, count(), question);
                    case SLIDE -> ImagePrompts.wordsFirst(instruction + question, count());
                    case PICTURES -> ImagePrompts.imagesFirst(count(), instruction + question);
                };
        var contents = new ArrayList<Content>();
        int next = 0;
        for (Piece piece : turn.pieces()) {
            switch (piece) {
                case Piece.Text(var text) -> contents.add(new Content.Words(text));
                case Piece.Image _ -> contents.add(new Content.Shown(picture(next++)));
            }
        }
        return contents;
    }

    /**
     * A picture with its place for the record; of files nothing is named, for names of files can be names of people.
     */
    private Picture picture(int index) {
        Raster raster = pictures.picture(index);
        var origin = new Origin(series.apply(index), pictures.source(index), prepared);
        String name = (kind == Kind.SLIDE ? "PATCH " : kind == Kind.PICTURES ? "PICTURE " : "SLICE ") + (index + 1);
        return new Picture(name, PixelHash.of(raster), raster, origin);
    }

    /** All that is shown on one picture; of a slide where the patches lie, too. */
    public Raster sheet() {
        IntFunction<String> label =
                kind == Kind.CT || kind == Kind.MR ? i -> "SLICE " + (i + 1) : i -> Integer.toString(i + 1);
        Raster all = ContactSheet.of(count()).draw(count(), this::raster, label);
        if (pictures instanceof SlidePatches patches && !slides.isEmpty()) {
            Raster map = SlideMap.of(slides.getFirst(), patches);
            return Canvas.of(Math.max(map.width(), all.width()), map.height() + all.height(), 0)
                    .picture(0, 0, map)
                    .picture(0, map.height(), all)
                    .raster();
        }
        return all;
    }

    @Override
    public void close() {
        slides.forEach(Slide::close);
    }
}
