package konsil.media.study;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import konsil.media.BadMediaException;
import konsil.media.ImageFile;
import konsil.media.ImageSettings;
import konsil.media.Raster;
import konsil.media.Volume;
import konsil.media.nifti.NiftiFile;
import konsil.media.nifti.NiftiSettings;
import konsil.media.series.SeriesVolume;
import konsil.media.series.SliceGroup;
import konsil.media.series.SliceGroups;
import konsil.media.series.SliceSource;
import konsil.media.slide.Slide;
import konsil.media.slide.SlideFile;
import konsil.media.slide.SlideSettings;

/** Looks at every file of a study once, several at a time, and sorts what is there. */
final class StudyReader {
    private static final int MOST_VOLUMES = 1000;
    private static final int LARGEST_PICTURE = 100_000_000;

    private final StudyEntries entries;
    private final DicomFrames frames = new DicomFrames();

    StudyReader(StudyEntries entries) {
        this.entries = entries;
    }

    /** What one file gave. */
    private record Found(List<StudyFile> files, DicomScan scan) {
        static Found part(StudyPart part) {
            return parts(List.of(part));
        }

        static Found parts(List<StudyPart> parts) {
            return new Found(List.of(), new DicomScan(List.of(), parts, List.of()));
        }
    }

    Study read() throws IOException {
        List<Found> found = entries.all().parallelStream().map(this::found).toList();
        var parts = new LinkedHashSet<StudyPart>();
        var slices = once(found, parts);
        for (SliceGroup group : SliceGroups.of(slices)) {
            parts.add(part(group));
        }
        parts.addAll(GlassFile.slides(
                found.stream().flatMap(one -> one.scan().glass().stream()).toList()));
        found.forEach(one -> parts.addAll(one.scan().parts()));
        var sorted = new ArrayList<>(parts);
        sorted.sort((a, b) -> Boolean.compare(a instanceof StudyPart.Refused, b instanceof StudyPart.Refused));
        var files = found.stream().flatMap(one -> one.files().stream()).toList();
        return new Study(sorted, files, entries);
    }

    /** Slices of all files; of copies of one file those of the first. */
    private static List<SliceSource> once(List<Found> found, Collection<StudyPart> parts) {
        var slices = new ArrayList<SliceSource>();
        var seen = new HashSet<String>();
        for (Found one : found) {
            String instance = one.scan().instance();
            if (instance.isEmpty() || seen.add(instance)) {
                slices.addAll(one.scan().slices());
            } else {
                String name = one.files().getFirst().name();
                parts.add(new StudyPart.Refused(name, "a copy of another file here (same SOP Instance UID)"));
            }
        }
        return slices;
    }

    private static StudyPart part(SliceGroup group) {
        return switch (group) {
            case SliceGroup.Refused refused -> new StudyPart.Refused(refused.what(), refused.reason());
            case SliceGroup.Stack stack -> {
                SliceSource first = stack.slices().getFirst();
                yield new StudyPart.Volumes(
                        stack.what(),
                        first.series(),
                        first.modality(),
                        stack.count(),
                        gaps -> SeriesVolume.of(stack, gaps, NiftiSettings.DEFAULT_MAX_VOXELS));
            }
        };
    }

    private Found found(StudyEntries.Entry entry) {
        return switch (entry) {
            case StudyEntries.Entry.Packed(var file) -> dicom(file);
            case StudyEntries.Entry.OnDisk(var path) -> {
                try {
                    yield onDisk(path);
                } catch (BadMediaException bad) {
                    String name = StudyEntries.name(path);
                    yield Found.part(new StudyPart.Refused(name, DicomScan.reason(name, bad)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private Found dicom(StudyFile file) {
        return new Found(List.of(file), DicomScan.of(file, frames));
    }

    private Found onDisk(Path path) throws IOException {
        String name = StudyEntries.name(path);
        byte[] start = start(path);
        boolean isDicom = start.length >= 132 && ascii(start, 128, 4).equals("DICM");
        if (isDicom) {
            return dicom(new StudyFile(name, () -> konsil.media.dicom.DicomFile.open(path)));
        }
        if (NiftiFile.isNamed(path)) {
            return nifti(path, name);
        }
        String first = ascii(start, 0, 4);
        if (first.startsWith("II*\0")
                || first.startsWith("MM\0*")
                || first.startsWith("II+\0")
                || first.equals("MM\0+")) {
            return tiff(path, name);
        }
        boolean isPicture = first.endsWith("PNG")
                || first.startsWith("\u00FF\u00D8\u00FF")
                || first.equals("GIF8")
                || first.startsWith("BM");
        return isPicture
                ? Found.part(picture(path, name))
                : dicom(new StudyFile(name, () -> konsil.media.dicom.DicomFile.open(path)));
    }

    private static byte[] start(Path path) throws IOException {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new BadMediaException(StudyEntries.name(path), "there is no such file, or no permission to read it");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(132);
        }
    }

    private static String ascii(byte[] bytes, int from, int length) {
        int end = Math.min(bytes.length, from + length);
        return end <= from ? "" : new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private static Found nifti(Path path, String name) throws IOException {
        String lower = name.toLowerCase(java.util.Locale.ROOT);
        boolean half = lower.contains(".img") && hasHeader(path, name);
        if (half) {
            return Found.parts(List.of());
        }
        int volumes = NiftiFile.volumes(path);
        var parts = new ArrayList<StudyPart>();
        for (int i = 0; i < Math.min(volumes, MOST_VOLUMES); i++) {
            int number = i;
            String what = volumes == 1 ? "NIfTI" : "NIfTI, volume %d of %d".formatted(i + 1, volumes);
            parts.add(new StudyPart.Volumes(what, "", "", 0, _ -> volume(path, number)));
        }
        return Found.parts(parts);
    }

    private static boolean hasHeader(Path path, String name) {
        String stem = name.substring(0, name.toLowerCase(java.util.Locale.ROOT).lastIndexOf(".img"));
        return Files.exists(path.resolveSibling(stem + ".hdr")) || Files.exists(path.resolveSibling(stem + ".hdr.gz"));
    }

    private static SeriesVolume volume(Path path, int number) throws IOException {
        var settings = new NiftiSettings(number, Volume.Unit.SIGNAL, NiftiSettings.DEFAULT_MAX_VOXELS);
        Volume signal = NiftiFile.read(path, settings);
        var unit = Volume.Unit.guessed(signal.statistics());
        String note = unit == Volume.Unit.HOUNSFIELD
                ? "taken as CT, for its values are those of Hounsfield units; the file does not say"
                : "taken as a signal, such as MR; the file does not say";
        return new SeriesVolume(signal.with(unit), List.of(note));
    }

    /** A slide where there are several sizes, or pixels of a known size; else a picture. */
    private static Found tiff(Path path, String name) throws IOException {
        try (Slide slide = SlideFile.open(path, SlideSettings.DEFAULT)) {
            var largest = slide.levels().getFirst();
            boolean glass = slide.levels().size() > 1
                    || slide.micrometresPerPixel().isPresent()
                    || (long) largest.width() * largest.height() > LARGEST_PICTURE;
            if (glass) {
                String what = "slide, %d x %d, %d sizes"
                        .formatted(
                                largest.width(),
                                largest.height(),
                                slide.levels().size());
                return Found.part(new StudyPart.Glass(what, "", () -> SlideFile.open(path, SlideSettings.DEFAULT)));
            }
        } catch (BadMediaException other) {
            return Found.part(picture(path, name));
        }
        return Found.part(picture(path, name));
    }

    private static StudyPart picture(Path path, String name) throws IOException {
        Raster once = ImageFile.read(path, ImageSettings.careful());
        String what = "picture, %d x %d".formatted(once.width(), once.height());
        return new StudyPart.Pictures(what, "", "", 1, _ -> {
            try {
                return ImageFile.read(path, ImageSettings.careful());
            } catch (IOException e) {
                throw new BadMediaException(name, "the file cannot be read", e);
            }
        });
    }
}
