package konsil.media.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import konsil.media.BadMediaException;
import konsil.media.dicom.DicomFile;
import konsil.media.dicom.Tag;
import konsil.media.slide.DicomSlide;
import konsil.media.slide.Slide;
import konsil.media.slide.SlideSettings;

/** One picture of a DICOM slide, its header read. */
record GlassFile(StudyFile source, DicomFile opened) {
    private String series() {
        return opened.dataSet().text(Tag.SERIES_INSTANCE_UID).orElse("");
    }

    /** A slide for each series; what is no level of one is refused, with the reason. */
    static List<StudyPart> slides(List<GlassFile> files) {
        var bySeries = new LinkedHashMap<String, List<GlassFile>>();
        files.forEach(file ->
                bySeries.computeIfAbsent(file.series(), _ -> new ArrayList<>()).add(file));
        var parts = new ArrayList<StudyPart>();
        bySeries.forEach((series, members) -> slide(series, members, parts));
        return parts;
    }

    private static void slide(String series, List<GlassFile> members, List<StudyPart> parts) {
        try (var slide = DicomSlide.of(members.stream().map(GlassFile::opened).toList(), SlideSettings.DEFAULT)) {
            var largest = slide.levels().getFirst();
            String what = "slide, %d x %d, %d sizes"
                    .formatted(largest.width(), largest.height(), slide.levels().size());
            var sources = members.stream().map(GlassFile::source).toList();
            parts.add(new StudyPart.Glass(what, series, () -> open(sources)));
            slide.leftOut().forEach(out -> {
                String[] both = out.split(": ", 2);
                parts.add(new StudyPart.Refused(both[0], both[1]));
            });
        } catch (BadMediaException bad) {
            String name = members.getFirst().source().name();
            for (GlassFile member : members) {
                boolean own = String.valueOf(bad.getMessage())
                        .startsWith(member.source().name() + ": ");
                name = own ? member.source().name() : name;
            }
            parts.add(new StudyPart.Refused(name, DicomScan.reason(name, bad)));
        }
    }

    private static Slide open(List<StudyFile> sources) throws IOException {
        return DicomSlide.of(sources.stream().map(StudyFile::open).toList(), SlideSettings.DEFAULT);
    }
}
