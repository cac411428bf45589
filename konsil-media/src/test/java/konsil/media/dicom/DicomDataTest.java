package konsil.media.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import konsil.media.BadMediaException;
import org.junit.jupiter.api.Test;

/** Every DICOM file beside the project, against the pixels that pydicom finds in it; skipped when there are none. */
class DicomDataTest {
    private record Count(int files, int read, int equal, int near, int other, int noPixels, int refused) {
        static final Count NONE = new Count(0, 0, 0, 0, 0, 0, 0);

        Count plus(Count o) {
            return new Count(
                    files + o.files,
                    read + o.read,
                    equal + o.equal,
                    near + o.near,
                    other + o.other,
                    noPixels + o.noPixels,
                    refused + o.refused);
        }
    }

    private final Map<String, Count> groups = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    @Test
    void readsTheFilesBesideTheProject() throws IOException {
        var data = SharedData.folder();
        assumeTrue(data.isPresent(), "skipped: no folder shared/data, no property konsil.data");
        var truth = SharedData.truth(data.get());
        for (Path file : SharedData.files(data.get().resolve("dicom"))) {
            String name = data.get().relativize(file).toString();
            Map<String, String> row = truth.get(name);
            if (row != null) {
                groups.merge(name.split("/")[1], check(file, name, row), Count::plus);
            }
        }
        groups.forEach((group, count) -> System.out.println(group + ": " + count));
        System.out.println("all: " + groups.values().stream().reduce(Count.NONE, Count::plus));
        notes.forEach(System.out::println);
        assertThat(wrong).isEmpty();
    }

    private Count check(Path file, String name, Map<String, String> row) {
        DicomFile dicom;
        try {
            dicom = DicomFile.open(file);
        } catch (BadMediaException refused) {
            notes.add("refused  " + name + " -> " + refused.getMessage());
            return new Count(1, 0, 0, 0, 0, 0, 1);
        }
        if (!dicom.hasPixels()) {
            return new Count(1, 1, 0, 0, 0, 1, 0);
        }
        try {
            return compared(dicom, name, row);
        } catch (BadMediaException refused) {
            notes.add("pixels refused  " + name + " -> " + refused.getMessage());
            return new Count(1, 1, 0, 0, 0, 0, 1);
        }
    }

    private Count compared(DicomFile dicom, String name, Map<String, String> row) {
        PixelData pixels = dicom.pixels();
        MessageDigest digest = sha256();
        double sum = 0;
        long samples = 0;
        for (int i = 0; i < pixels.frames(); i++) {
            StoredFrame frame = pixels.frame(i);
            digest.update(frame.samples().littleEndian());
            samples += frame.samples().size();
            for (int s = 0; s < frame.samples().size(); s++) {
                sum += frame.number(s);
            }
        }
        String sha = HexFormat.of().formatHex(digest.digest()).substring(0, 16);
        String want = row.getOrDefault("px_sha", "");
        if (want.isEmpty() || sha.equals(want)) {
            return new Count(1, 1, want.isEmpty() ? 0 : 1, 0, want.isEmpty() ? 1 : 0, 0, 0);
        }
        double mean = sum / samples;
        double wantMean = Double.parseDouble(row.getOrDefault("mean", "NaN"));
        boolean near = Math.abs(mean - wantMean) < 0.3;
        notes.add("%s  %s %s mean %.3f want %.3f %s".formatted(near ? "near" : "DIFFERS", name, dicom.transferSyntax(), mean, wantMean, row.get("pi")));
        return new Count(1, 1, 0, near ? 1 : 0, near ? 0 : 1, 0, 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
