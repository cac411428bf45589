package konsil.phantom.text;

import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Laboratory reports as lines of text, in one of three layouts that laboratories use. */
final class LabText {
    private static final List<String> TIMES = List.of("dd.MM.yyyy HH:mm", "dd-MM-yyyy HH:mm:ss", "dd/MM/yyyy HH:mm");

    private LabText() {}

    /** @return lines of at most 80 characters */
    static List<String> lines(LabReport report, Chance chance) {
        var lines = new ArrayList<String>();
        int layout = chance.between(0, 2);
        if (!report.small()) head(report, lines, chance);
        for (var section : report.sections()) {
            if (!report.small()) {
                var panel = section.panel();
                lines.add("");
                lines.add(layout == 1 ? panel.name().toUpperCase(Locale.ROOT) : panel.name());
                lines.add("Specimen: %s   Method: %s".formatted(panel.specimen(), panel.method()));
            }
            for (var row : section.rows()) lines.add(line(row, layout));
        }
        if (!report.small()) {
            lines.add("");
            lines.add("H above, L below the reference range. Made-up patient, no medical use.");
        }
        return lines;
    }

    private static void head(LabReport report, List<String> lines, Chance chance) {
        var patient = report.patient();
        lines.add(report.laboratory());
        lines.add("Patient: %s   ID: %s   %d years, %s"
                .formatted(patient.name(), patient.number(), patient.age(), patient.sex()));
        lines.add("Collected: " + report.collected().format(DateTimeFormatter.ofPattern(chance.of(TIMES))));
    }

    private static String line(LabReport.Row row, int layout) {
        var test = row.test();
        String line =
                switch (layout) {
                    case 0 ->
                        "%-18s %8s %-2s %-10s %s"
                                .formatted(test.name(), row.result(), row.flag(), test.unit(), test.range());
                    case 1 ->
                        "%s: %s %s %s (%s)"
                                .formatted(test.name(), row.result(), test.unit(), row.flag(), test.range())
                                .replace("  ", " ");
                    default ->
                        "%s | %s | %s | %s | %s"
                                .formatted(test.name(), row.result(), test.unit(), test.range(), row.flag());
                };
        return line.stripTrailing();
    }
}
