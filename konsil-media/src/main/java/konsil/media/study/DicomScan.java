package konsil.media.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.DoubleStream;
import konsil.media.BadMediaException;
import konsil.media.Vector3;
import konsil.media.dicom.DicomFile;
import konsil.media.dicom.Dicomdir;
import konsil.media.dicom.FrameInfo;
import konsil.media.dicom.FrameInfo.Point;
import konsil.media.dicom.Mosaic;
import konsil.media.dicom.PixelLayout;
import konsil.media.dicom.Tag;
import konsil.media.series.SliceSource;
import konsil.media.series.SliceSource.Kind;
import konsil.media.series.SliceSource.Marks;
import konsil.media.series.SliceSource.Plane;

/**
 * What the header of a DICOM file promises.
 *
 * @param slices of volumes
 * @param parts that are none
 * @param glass pictures of DICOM slides, which are put together by series
 * @param instance SOP Instance UID of slices: copies of one file have one
 */
record DicomScan(List<SliceSource> slices, List<StudyPart> parts, List<GlassFile> glass, String instance) {
    private static final DicomScan NOTHING = new DicomScan(List.of(), List.of(), List.of());
    private static final String WHOLE_SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6";

    DicomScan(List<SliceSource> slices, List<StudyPart> parts, List<GlassFile> glass) {
        this(slices, parts, glass, "");
    }

    /** Devices of sections; all others make projections, photographs or films. */
    private static final Set<String> SECTIONS = Set.of("CT", "MR", "PT", "NM", "RTDOSE", "OPT");

    static DicomScan of(StudyFile source, DicomFrames frames) {
        DicomFile file;
        try {
            file = source.open();
        } catch (BadMediaException bad) {
            return refused(source, bad);
        }
        if (Dicomdir.isDirectory(file)) {
            return NOTHING;
        }
        if (!file.hasPixels()) {
            String kind = file.dataSet().text(Tag.MODALITY).orElse("no modality");
            return refused(source, "holds no picture (%s)".formatted(kind));
        }
        if (file.sopClass().orElse("").equals(WHOLE_SLIDE)) {
            return new DicomScan(List.of(), List.of(), List.of(new GlassFile(source, file)));
        }
        if (file.dataSet().text(Tag.MODALITY).orElse("").equals("SEG")) {
            return refused(source, "a segmentation: it marks places in other pictures and is none itself");
        }
        try {
            return opened(DicomFrames.Opened.of(source, file), frames);
        } catch (BadMediaException bad) {
            return refused(source, bad);
        }
    }

    private static DicomScan refused(StudyFile source, BadMediaException bad) {
        return refused(source, reason(source.name(), bad));
    }

    /** A message without the name of the file, which stands beside it. */
    static String reason(String name, BadMediaException bad) {
        String message = String.valueOf(bad.getMessage());
        String prefix = name + ": ";
        return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    }

    private static DicomScan refused(StudyFile source, String reason) {
        return new DicomScan(List.of(), List.of(new StudyPart.Refused(source.name(), reason)), List.of());
    }

    private static DicomScan opened(DicomFrames.Opened opened, DicomFrames frames) {
        var image = opened.file().dataSet();
        PixelLayout layout = opened.pixels().layout();
        String series = image.text(Tag.SERIES_INSTANCE_UID).orElse("");
        String modality = image.text(Tag.MODALITY).orElse("");
        boolean grey = layout.samplesPerPixel() == 1 && layout.photometric().startsWith("MONOCHROME");
        int count = opened.count();
        StudyFile source = opened.source();
        if (!grey || !SECTIONS.contains(modality)) {
            String what = "%s, %d x %d, %s"
                    .formatted(
                            modality.isEmpty() ? "no modality" : modality,
                            layout.columns(),
                            layout.rows(),
                            count == 1 ? "1 picture" : count + " frames");
            var part = new StudyPart.Pictures(what, series, modality, count, i -> frames.picture(source, i, count > 1));
            return new DicomScan(List.of(), List.of(part), List.of());
        }
        var slices = new ArrayList<SliceSource>();
        for (int i = 0; i < count; i++) {
            slices.addAll(slices(opened, i, frames));
        }
        return new DicomScan(
                slices, List.of(), List.of(), image.text(Tag.SOP_INSTANCE_UID).orElse(""));
    }

    /** The slice that a frame is, or those of a mosaic. */
    private static List<SliceSource> slices(DicomFrames.Opened opened, int frame, DicomFrames frames) {
        var image = opened.file().dataSet();
        PixelLayout layout = opened.pixels().layout();
        FrameInfo info = opened.infos().get(frame);
        boolean many = opened.count() > 1;
        StudyFile source = opened.source();
        boolean isMosaic = Mosaic.is(opened.file(), info);
        var slice = new SliceSource(
                image.text(Tag.SERIES_INSTANCE_UID).orElse(""),
                image.text(Tag.MODALITY).orElse(""),
                many ? frame + 1 : image.integer(Tag.INSTANCE_NUMBER).orElse(0),
                layout.columns(),
                layout.rows(),
                plane(info),
                marks(info),
                isMosaic ? Kind.MOSAIC : kind(info),
                () -> frames.voxels(source, frame, many));
        var mosaic = isMosaic ? Mosaic.of(opened.file(), info, layout) : Optional.<Mosaic>empty();
        if (mosaic.isEmpty()) {
            return List.of(slice);
        }
        var tiles = new ArrayList<SliceSource>();
        for (int k = 0; k < mosaic.get().count(); k++) {
            int part = k;
            tiles.add(tile(slice, mosaic.get(), k, () -> frames.voxels(source, frame, many, mosaic.get(), part)));
        }
        return tiles;
    }

    /**
     * A slice of a mosaic. Each mosaic is a volume of its own, told from others of its series by the instance number:
     * scanners that follow the head's movement shift whole volumes.
     */
    private static SliceSource tile(SliceSource whole, Mosaic mosaic, int number, SliceSource.Pixels pixels) {
        Plane p = whole.plane().orElseThrow();
        var plane = new Plane(
                vector(mosaic.position(number)), p.row(), p.column(), p.columnSpacing(), p.rowSpacing(), p.thickness());
        Marks m = whole.marks();
        int time = m.time() > 0 ? m.time() : whole.instance();
        return new SliceSource(
                whole.series(),
                whole.modality(),
                number + 1,
                mosaic.columns(),
                mosaic.rows(),
                Optional.of(plane),
                new Marks(m.stack(), m.echoTime(), m.bValue(), m.gradient(), time),
                Kind.SLICE,
                pixels);
    }

    private static Optional<Plane> plane(FrameInfo info) {
        if (info.position().isEmpty()
                || info.directions().isEmpty()
                || info.spacing().isEmpty()) {
            return Optional.empty();
        }
        var directions = info.directions().get();
        var spacing = info.spacing().get();
        return Optional.of(new Plane(
                vector(info.position().get()),
                vector(directions.row()).unit(),
                vector(directions.column()).unit(),
                spacing.betweenColumns(),
                spacing.betweenRows(),
                thickness(info)));
    }

    private static OptionalDouble thickness(FrameInfo info) {
        return DoubleStream.concat(info.spacingBetweenSlices().stream(), info.sliceThickness().stream())
                .filter(distance -> distance > 0)
                .findFirst();
    }

    private static Vector3 vector(Point point) {
        return new Vector3(point.x(), point.y(), point.z());
    }

    private static Marks marks(FrameInfo info) {
        var place = info.sequence();
        return new Marks(
                place.stack().orElse(""),
                place.echoTime(),
                place.bValue(),
                place.gradient().map(Point::toString).orElse(""),
                place.temporalPosition().orElse(0));
    }

    private static Kind kind(FrameInfo info) {
        var type = info.sequence().frameType();
        return type.contains("LOCALIZER") ? Kind.LOCALISER : Kind.SLICE;
    }
}
