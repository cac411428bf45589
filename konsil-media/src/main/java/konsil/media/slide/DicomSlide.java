package konsil.media.slide;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import konsil.media.BadMediaException;
import konsil.media.Raster;
import konsil.media.dicom.DicomFile;
import konsil.media.dicom.Tag;

/**
 * A slide in DICOM files of one series (VL Whole Slide Microscopy, PS3.3 section A.32.8): an instance for each level,
 * or several for one (concatenations); label, overview and thumbnail are pictures beside it. Nothing is read but
 * headers and the frames of a region. Colour profiles are not applied.
 */
public final class DicomSlide implements Slide {
    private static final double SAME_SHAPE = 0.02;

    private final String name;
    private final List<List<DicomPicture>> levels;
    private final Map<String, DicomPicture> beside;
    private final List<String> leftOut;
    private final TileRegions regions;

    private DicomSlide(
            List<List<DicomPicture>> levels,
            Map<String, DicomPicture> beside,
            List<String> leftOut,
            SlideSettings settings) {
        this.name = levels.getFirst().getFirst().file().name();
        this.levels = levels;
        this.beside = beside;
        this.leftOut = List.copyOf(leftOut);
        regions = new TileRegions(name, settings);
    }

    /**
     * @param files at least one, of one series
     * @throws BadMediaException when none of them is a level of a slide
     */
    public static DicomSlide of(List<DicomFile> files, SlideSettings settings) {
        var volumes = new ArrayList<DicomPicture>();
        var beside = new LinkedHashMap<String, DicomPicture>();
        var leftOut = new ArrayList<String>();
        for (DicomFile file : files) {
            try {
                DicomPicture picture = DicomPicture.of(file);
                besideName(file).ifPresentOrElse(name -> beside.putIfAbsent(name, picture), () -> volumes.add(picture));
            } catch (BadMediaException bad) {
                leftOut.add(String.valueOf(bad.getMessage()));
            }
        }
        if (volumes.isEmpty()) {
            throw none(files.getFirst().name(), leftOut, beside.keySet());
        }
        volumes.sort(Comparator.comparingLong(DicomSlide::size).reversed().thenComparing(p -> p.file()
                .name()));
        return new DicomSlide(levels(volumes, leftOut), beside, leftOut, settings);
    }

    private static BadMediaException none(String name, List<String> leftOut, Set<String> beside) {
        if (!leftOut.isEmpty()) {
            String[] first = leftOut.getFirst().split(": ", 2);
            return new BadMediaException(first[0], first[1]);
        }
        return new BadMediaException(
                name,
                "only pictures beside a slide (%s), which may show a name and are not shown to a model"
                        .formatted(String.join(", ", beside)));
    }

    private static long size(DicomPicture picture) {
        return (long) picture.grid().width() * picture.grid().height();
    }

    /** The third value of Image Type tells what is shown; whatever shows the label counts as such. */
    private static Optional<String> besideName(DicomFile file) {
        List<String> type = file.dataSet().texts(Tag.IMAGE_TYPE);
        String flavour = type.size() > 2 ? type.get(2) : "VOLUME";
        return switch (flavour) {
            case "LABEL" -> Optional.of("label");
            case "OVERVIEW", "LOCALIZER" -> Optional.of("macro");
            case "THUMBNAIL" -> Optional.of("thumbnail");
            default ->
                file.dataSet().text(Tag.SPECIMEN_LABEL_IN_IMAGE).orElse("NO").equals("YES")
                        ? Optional.of("macro")
                        : Optional.empty();
        };
    }

    /** Pictures of one size are one level if they are parts of it, else the first is; a level has the slide's shape. */
    private static List<List<DicomPicture>> levels(List<DicomPicture> sorted, List<String> leftOut) {
        var levels = new ArrayList<List<DicomPicture>>();
        var largest = sorted.getFirst().grid();
        for (DicomPicture picture : sorted) {
            var grid = picture.grid();
            var last = levels.isEmpty() ? List.<DicomPicture>of() : levels.getLast();
            double wanted = (double) largest.width() * grid.height() / largest.height();
            double slack = 2 + SAME_SHAPE * wanted + (double) largest.width() / largest.height();
            if (!last.isEmpty() && last.getFirst().grid().equals(grid)) {
                if (isPart(picture) && isPart(last.getFirst())) {
                    last.add(picture);
                } else {
                    leftOut.add(picture.file().name() + ": another picture of the same level");
                }
            } else if (Math.abs(grid.width() - wanted) > slack) {
                leftOut.add(picture.file().name() + ": not of the slide's shape");
            } else {
                levels.add(new ArrayList<>(List.of(picture)));
            }
        }
        return levels;
    }

    private static boolean isPart(DicomPicture picture) {
        return picture.file().dataSet().has(Tag.CONCATENATION_FRAME_OFFSET_NUMBER);
    }

    /** Files that are no level, with the reason. */
    public List<String> leftOut() {
        return leftOut;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Level> levels() {
        var largest = levels.getFirst().getFirst().grid();
        return levels.stream()
                .map(List::getFirst)
                .map(p -> level(largest, p.grid()))
                .toList();
    }

    private static Level level(TilePicture.Grid largest, TilePicture.Grid grid) {
        double across = (double) largest.width() / grid.width();
        double down = (double) largest.height() / grid.height();
        return new Level(grid.width(), grid.height(), (across + down) / 2);
    }

    @Override
    public OptionalDouble micrometresPerPixel() {
        return levels.getFirst().getFirst().micrometresPerPixel();
    }

    @Override
    public OptionalDouble objectivePower() {
        return levels.getFirst().getFirst().objectivePower();
    }

    @Override
    public Raster region(int level, long x, long y, int width, int height) {
        return regions.region(new Parts(levels.get(level)), level, x, y, width, height);
    }

    /** Parts of a level as one: a tile is in the first part that has it. */
    private record Parts(List<DicomPicture> parts) implements TilePicture {
        @Override
        public Grid grid() {
            return parts.getFirst().grid();
        }

        @Override
        public Optional<Raster> tile(int column, int row) {
            return parts.stream()
                    .flatMap(part -> part.tile(column, row).stream())
                    .findFirst();
        }
    }

    @Override
    public List<Associated> associated() {
        return beside.entrySet().stream()
                .map(entry -> new Associated(
                        entry.getKey(),
                        entry.getValue().grid().width(),
                        entry.getValue().grid().height()))
                .toList();
    }

    @Override
    public Raster associated(String wanted) {
        DicomPicture picture = beside.get(wanted);
        if (picture == null) {
            throw new BadMediaException(
                    name, "the slide has no picture of that name beside it; want one of " + beside.keySet());
        }
        return regions.whole(picture);
    }

    @Override
    public void close() {
        // Files are opened for each reading.
    }
}
