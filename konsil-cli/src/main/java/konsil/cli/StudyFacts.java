package konsil.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import konsil.clinic.study.StudySelection;
import konsil.media.BadMediaException;
import konsil.media.Geometry;
import konsil.media.Volume;
import konsil.media.dicom.IdentifyingTags;
import konsil.media.series.SeriesVolume;
import konsil.media.study.Study;
import konsil.media.study.StudyFile;
import konsil.media.study.StudyPart;

/**
 * What a study is, as plain values; of a patient nothing.
 *
 * @param parts number, kind, geometry, values and problems of each
 * @param refused what cannot be shown, and why
 * @param identifying names of elements that tell who the patient is, in how many files each, and risks of the pixels
 */
record StudyFacts(List<Map<String, Object>> parts, List<Map<String, Object>> refused, Map<String, Object> identifying) {
    private static final int TOKENS = 256;

    static StudyFacts of(Study study, StudySelection selection) throws IOException {
        var parts = new ArrayList<Map<String, Object>>();
        for (StudyPart part : study.shown()) {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("number", parts.size() + 1);
            facts.put("what", part.what());
            facts.put("series", part.series());
            facts.put("modality", part.modality());
            switch (part) {
                case StudyPart.Volumes volumes -> volume(volumes, selection, facts);
                case StudyPart.Pictures pictures -> {
                    facts.put("kind", "pictures");
                    shown(facts, selection.sampling().of(Math.max(pictures.count(), 1)).length);
                }
                case StudyPart.Glass glass -> slide(glass, facts);
                case StudyPart.Refused _ -> throw new IllegalStateException("refused parts are not shown");
            }
            parts.add(facts);
        }
        var refused = study.refused().stream()
                .map(part -> Map.<String, Object>of("what", part.what(), "reason", part.reason()))
                .toList();
        return new StudyFacts(parts, refused, identifying(study.files()));
    }

    private static void shown(Map<String, Object> facts, int pictures) {
        facts.put("shown_pictures", pictures);
        facts.put("shown_tokens", pictures * TOKENS);
    }

    private static void volume(StudyPart.Volumes part, StudySelection selection, Map<String, Object> facts)
            throws IOException {
        facts.put("kind", "volume");
        SeriesVolume loaded;
        try {
            loaded = part.loading().load(selection.gaps());
        } catch (BadMediaException bad) {
            facts.put("problems", List.of(String.valueOf(bad.getMessage())));
            return;
        }
        Volume volume = loaded.volume();
        Geometry geometry = volume.geometry();
        facts.put("voxels", List.of(volume.columns(), volume.rows(), volume.slices()));
        facts.put("spacing_mm", List.of(geometry.columnSpacing(), geometry.rowSpacing(), geometry.sliceSpacing()));
        facts.put("axes_to", geometry.axes());
        facts.put("oblique_degrees", geometry.obliquity());
        facts.put("gantry_tilt_degrees", geometry.tilt());
        facts.put("affine_ras", Arrays.stream(geometry.rasAffine()).boxed().toList());
        facts.put("unit", volume.unit() == Volume.Unit.HOUNSFIELD ? "HU" : "signal");
        var values = volume.statistics();
        if (!Double.isNaN(values.mean())) {
            facts.put("min", values.min());
            facts.put("max", values.max());
            facts.put("mean", values.mean());
        }
        facts.put("problems", loaded.notes());
        boolean inRange = selection.sampling().first() <= volume.slices();
        shown(facts, inRange ? selection.sampling().of(volume.slices()).length : 0);
    }

    private static void slide(StudyPart.Glass part, Map<String, Object> facts) throws IOException {
        facts.put("kind", "slide");
        try (var slide = part.open()) {
            facts.put(
                    "levels",
                    slide.levels().stream()
                            .map(level -> List.of(level.width(), level.height()))
                            .toList());
            slide.micrometresPerPixel().ifPresent(size -> facts.put("micrometres_per_pixel", size));
            slide.objectivePower().ifPresent(power -> facts.put("objective", power));
            facts.put(
                    "associated",
                    slide.associated().stream().map(picture -> picture.name()).toList());
            boolean label = !slide.associated().isEmpty();
            facts.put(
                    "problems",
                    label
                            ? List.of("pictures beside the slide may show a name; they are never shown to a model")
                            : List.of());
        }
    }

    private static Map<String, Object> identifying(List<StudyFile> files) {
        var tags = new TreeMap<String, Integer>();
        var risks = new TreeMap<String, Integer>();
        int privates = 0;
        var reports = files.parallelStream().map(StudyFacts::report).toList();
        for (IdentifyingTags report : reports) {
            report.tags().forEach(tag -> tags.merge(tag, 1, Integer::sum));
            report.pixelRisks().forEach(risk -> risks.merge(risk, 1, Integer::sum));
            privates += report.privateElements();
        }
        var facts = new LinkedHashMap<String, Object>();
        facts.put("tags", tags);
        facts.put("private_elements", privates);
        facts.put("pixel_risks", risks);
        return facts;
    }

    private static IdentifyingTags report(StudyFile file) {
        try {
            return IdentifyingTags.of(file.open());
        } catch (BadMediaException refused) {
            // It is among the refused parts; nothing of it is read or shown.
            return new IdentifyingTags(List.of(), 0, List.of());
        }
    }
}
