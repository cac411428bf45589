package konsil.media.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import konsil.media.BadMediaException;

/** An archive that speaks DICOMweb, asked by QIDO-RS (PS3.18, 10.6). {@link SeriesDownload} fetches files. */
public final class DicomWebArchive implements AutoCloseable {
    private static final String JSON = "application/dicom+json";
    private static final int MOST_JSON = 64 << 20;
    private static final int MOST_PAGES = 10_000;
    private static final Pattern UID = Pattern.compile("[0-9]+(\\.[0-9]+)*");
    private static final int LONGEST_UID = 64;
    private static final String STUDY = "0020000D";
    private static final String SERIES = "0020000E";
    private static final String MODALITY = "00080060";
    private static final String INSTANCE = "00080018";
    private static final String COUNT = "00201209";

    private final ArchiveHttp http;
    private final ArchiveLimits limits;

    private DicomWebArchive(ArchiveHttp http, ArchiveLimits limits) {
        this.http = http;
        this.limits = limits;
    }

    /**
     * Connects to nothing yet.
     *
     * @param ca certificates to trust instead of the JDK's
     * @throws BadMediaException when that file holds no certificates
     */
    public static DicomWebArchive of(
            ArchiveAddress address, Optional<Authorization> authorization, Optional<Path> ca, ArchiveLimits limits)
            throws IOException {
        return new DicomWebArchive(new ArchiveHttp(address, authorization, ca, limits), limits);
    }

    /** Whether a text is a DICOM UID (PS3.5, 9.1), leading zeros allowed. */
    public static boolean isUid(String text) {
        return text.length() <= LONGEST_UID && UID.matcher(text).matches();
    }

    /**
     * Series by their UIDs, in the archive's order.
     *
     * @param study its UID, or empty for any
     * @param series its UID, or empty for all
     * @param most how many at most
     * @throws BadMediaException when the archive does not answer as it should
     * @throws IllegalArgumentException when a UID is none
     */
    public List<SeriesRecord> series(String study, String series, int most) {
        requireUid(study);
        requireUid(series);
        String path = study.isEmpty() ? "/series" : "/studies/" + study + "/series";
        String query = "includefield=%s&includefield=%s".formatted(MODALITY, COUNT);
        if (!series.isEmpty()) {
            query = "SeriesInstanceUID=%s&%s".formatted(series, query);
        }
        var found = search("search for series", path, query, SERIES, most);
        return found.entrySet().stream()
                .map(row -> record(row.getKey(), row.getValue(), study))
                .filter(row -> series.isEmpty() || row.series().equals(series))
                .toList();
    }

    private SeriesRecord record(String series, Map<String, String> row, String study) {
        String of = row.getOrDefault(STUDY, study);
        if (!isUid(of)) {
            throw new BadMediaException(http.name(), "search for series: a result has no Study Instance UID");
        }
        return new SeriesRecord(of, series, row.getOrDefault(MODALITY, ""), count(row.getOrDefault(COUNT, "0")));
    }

    private static int count(String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    /**
     * SOP Instance UIDs of a series.
     *
     * @throws BadMediaException when there are none, or more than the limit
     */
    List<String> instances(SeriesRecord series) {
        String what = "search for instances";
        String path = "/studies/%s/series/%s/instances".formatted(series.study(), series.series());
        Set<String> found =
                search(what, path, "", INSTANCE, limits.instances() + 1).keySet();
        if (found.isEmpty()) {
            throw new BadMediaException(http.name(), what + ": the series has none");
        }
        if (found.size() > limits.instances()) {
            throw new BadMediaException(http.name(), what + ": more than %d, the limit".formatted(limits.instances()));
        }
        return new ArrayList<>(found);
    }

    ArchiveHttp http() {
        return http;
    }

    ArchiveLimits limits() {
        return limits;
    }

    /** Page after page, until one brings nothing new: servers may give less than they are asked for. */
    private Map<String, Map<String, String>> search(String what, String path, String query, String key, int most) {
        var all = new LinkedHashMap<String, Map<String, String>>();
        int offset = 0;
        for (int page = 0; page < MOST_PAGES && all.size() < most; page++) {
            int limit = Math.min(limits.page(), most - all.size());
            String paged = "%s?%slimit=%d&offset=%d".formatted(path, query.isEmpty() ? "" : query + "&", limit, offset);
            var rows = http.get(what, paged, JSON, this::rows).orElse(List.of());
            int before = all.size();
            for (var row : rows) {
                String uid = row.getOrDefault(key, "");
                if (!isUid(uid)) {
                    throw new BadMediaException(http.name(), what + ": a result has no UID, or one that is none");
                }
                if (all.size() < most) {
                    all.putIfAbsent(uid, row);
                }
            }
            if (all.size() == before) {
                break;
            }
            offset += rows.size();
        }
        return all;
    }

    private List<Map<String, String>> rows(String type, InputStream body) throws IOException {
        String media = Multipart.mediaType(type);
        if (!media.equals(JSON) && !media.equals("application/json")) {
            throw new BadMediaException(
                    http.name(), "the answer to a search is not %s; is this a DICOMweb address?".formatted(JSON));
        }
        byte[] text = body.readNBytes(MOST_JSON + 1);
        if (text.length > MOST_JSON) {
            throw new BadMediaException(
                    http.name(), "the answer to a search has more than %d bytes".formatted(MOST_JSON));
        }
        return DicomJson.read(http.name(), text, Set.of(STUDY, SERIES, MODALITY, INSTANCE, COUNT));
    }

    private static void requireUid(String text) {
        if (!text.isEmpty() && !isUid(text)) {
            throw new IllegalArgumentException("a UID has digits and dots, at most %d".formatted(LONGEST_UID));
        }
    }

    /** Ends what is under way, too. */
    @Override
    public void close() {
        http.close();
    }
}
