package konsil.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.media.dicomweb.DicomWebArchive;
import konsil.media.dicomweb.SeriesRecord;

/** Which series an archive has: modality, how many instances, UIDs. No names. */
final class ArchiveListing {
    private ArchiveListing() {}

    static Exit print(DicomWebOptions options, boolean json, Output output) throws IOException {
        List<SeriesRecord> found;
        try (DicomWebArchive archive = options.archive()) {
            found = options.found(archive);
        }
        int shown = Math.min(found.size(), DicomWebOptions.most());
        boolean more = found.size() > shown;
        if (json) {
            var all = new LinkedHashMap<String, Object>();
            all.put(
                    "series",
                    found.stream().limit(shown).map(ArchiveListing::fields).toList());
            all.put("more", more);
            Json.print(output.out(), all);
        } else {
            for (SeriesRecord one : found.subList(0, shown)) {
                output.out()
                        .printf(
                                "%-4s %6s  study %s  series %s%n",
                                known(one.modality()), count(one), one.study(), one.series());
            }
            output.out().printf(more ? "There are more than these %d series.%n" : "%d series%n", shown);
        }
        return found.isEmpty() ? Exit.NEGATIVE : Exit.OK;
    }

    private static Map<String, Object> fields(SeriesRecord one) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("study", one.study());
        fields.put("series", one.series());
        fields.put("modality", known(one.modality()));
        fields.put("instances", one.instances());
        return fields;
    }

    /** A code of PS3.3 C.7.3.1.1.1, or a question mark: whatever else a server writes there is not repeated. */
    private static String known(String modality) {
        return modality.matches("[A-Z0-9_]{1,16}") ? modality : "?";
    }

    private static String count(SeriesRecord one) {
        return one.instances() == 0 ? "?" : Integer.toString(one.instances());
    }
}
