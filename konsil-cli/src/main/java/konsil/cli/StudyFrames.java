package konsil.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import konsil.media.BadMediaException;
import konsil.media.dicom.DicomFile;
import konsil.media.dicom.PixelData;
import konsil.media.dicom.Tag;
import konsil.media.study.FrameReport;
import konsil.media.study.PixelTotals;
import konsil.media.study.StudyFile;

/**
 * Stored values of all frames of DICOM files, to be compared with other programs.
 *
 * @param folder where they are written; null for nowhere
 */
record StudyFrames(Path folder) {
    private static final String REFUSED = "refused";

    /** A row for each file: how it is stored, and each frame's values, or why it is refused. */
    List<Map<String, Object>> of(List<StudyFile> files) throws IOException {
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try {
            return IntStream.range(0, files.size())
                    .parallel()
                    .mapToObj(i -> row(i, files.get(i)))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Map<String, Object> row(int number, StudyFile source) {
        var row = new LinkedHashMap<String, Object>();
        row.put("file", source.name());
        try {
            described(number, source.open(), row);
        } catch (BadMediaException bad) {
            row.put(REFUSED, String.valueOf(bad.getMessage()));
        }
        return row;
    }

    private void described(int number, DicomFile file, Map<String, Object> row) {
        row.put("transfer_syntax", file.transferSyntax());
        row.put("sop_class", file.sopClass().orElse(""));
        row.put("modality", file.dataSet().text(Tag.MODALITY).orElse(""));
        row.put("series", file.dataSet().text(Tag.SERIES_INSTANCE_UID).orElse(""));
        var pixels = file.pixels();
        var layout = pixels.layout();
        row.put("columns", layout.columns());
        row.put("rows", layout.rows());
        row.put("samples_per_pixel", layout.samplesPerPixel());
        row.put("photometric", layout.photometric());
        row.put("bits_allocated", layout.bitsAllocated());
        row.put("bits_stored", layout.bitsStored());
        row.put("signed", layout.signed());
        row.put("frames_declared", layout.frames());
        var frames = new ArrayList<Map<String, Object>>();
        row.put("frames", frames);
        var totals = new PixelTotals();
        boolean whole = true;
        for (int i = 0; i < pixels.frames(); i++) {
            var facts = frame(new Place(number, i), pixels, totals);
            whole &= !facts.containsKey(REFUSED);
            frames.add(facts);
        }
        if (whole) {
            row.put("all_frames", facts(totals.report()));
        }
        row.put("warnings", file.warnings());
    }

    private record Place(int file, int frame) {}

    private Map<String, Object> frame(Place place, PixelData pixels, PixelTotals totals) {
        try {
            var stored = pixels.frame(place.frame());
            var facts = facts(totals.add(stored));
            if (folder != null) {
                String name = "%05d-%05d.raw".formatted(place.file() + 1, place.frame() + 1);
                Files.write(folder.resolve(name), stored.samples().littleEndian());
                facts.put("raw", name);
            }
            return facts;
        } catch (BadMediaException bad) {
            return Map.of(REFUSED, String.valueOf(bad.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> facts(FrameReport report) {
        var facts = new LinkedHashMap<String, Object>();
        putFinite(facts, "min", report.min());
        putFinite(facts, "max", report.max());
        putFinite(facts, "mean", report.mean());
        facts.put("sha256", report.sha256());
        return facts;
    }

    /** Floating point pixels may be no numbers, which JSON cannot say. */
    private static void putFinite(Map<String, Object> facts, String name, double value) {
        if (Double.isFinite(value)) {
            facts.put(name, value);
        }
    }
}
