package konsil.phantom.text;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import konsil.tensor.file.Json;

/**
 * A made-up laboratory report: what is printed, and the answer to the published question about it.
 *
 * @param collected when the specimens were taken; a small report prints none
 */
record LabReport(Person patient, String laboratory, LocalDateTime collected, boolean small, List<Section> sections) {
    private static final DateTimeFormatter TRUTH = DateTimeFormatter.ofPattern("dd-MM-yyyy HH:mm:ss");

    /** What was measured of one panel. */
    record Section(LabPanel panel, List<Row> rows) {}

    /** @param flag H above the range, L below it, else nothing */
    record Row(LabTest test, String result, String flag) {}

    /** One to three panels, three to fifteen tests. */
    static LabReport made(Chance chance) {
        var sections = new ArrayList<Section>();
        for (LabPanel panel : chance.some(LabPanel.ALL, chance.between(1, 3))) {
            int most = Math.min(5, panel.tests().size());
            var tests = chance.some(panel.tests(), chance.between(Math.min(3, most), most));
            sections.add(new Section(panel, rows(tests, chance)));
        }
        return new LabReport(Person.made(chance), laboratory(chance), collected(chance), false, sections);
    }

    /** Tests with short names and units alone, without panel, specimen, method and time. */
    static LabReport small(Chance chance, int rows) {
        var panel = new LabPanel("", "", "", LabPanel.PLAIN);
        var tests = chance.some(panel.tests(), rows);
        var section = new Section(panel, rows(tests, chance));
        return new LabReport(Person.made(chance), laboratory(chance), collected(chance), true, List.of(section));
    }

    private static List<Row> rows(List<LabTest> tests, Chance chance) {
        return tests.stream().map(test -> row(test, chance)).toList();
    }

    /** The flag goes by what is printed, not by what was rounded away. */
    private static Row row(LabTest test, Chance chance) {
        String result = test.written(test.value(chance));
        double printed = Double.parseDouble(result);
        return new Row(test, result, printed > test.high() ? "H" : printed < test.low() ? "L" : "");
    }

    private static String laboratory(Chance chance) {
        return chance.of("Northgate", "Riverside", "Hillcrest", "Old Mill", "Lakeview", "Birchwood")
                + chance.of(" Medical Laboratory", " Diagnostics", " Clinical Laboratory");
    }

    private static LocalDateTime collected(Chance chance) {
        return LocalDateTime.of(2024, 1, 1, 6, 0)
                .plusDays(chance.between(0, 700))
                .plusMinutes(chance.between(0, 720));
    }

    /** The tests as the published extraction prompt names their fields; a field that is not printed is left out. */
    Json truth() {
        var tests = new ArrayList<Json>();
        for (Section section : sections) {
            for (Row row : section.rows) tests.add(truth(section.panel, row));
        }
        return new Json.Arr(tests);
    }

    private Json truth(LabPanel panel, Row row) {
        return JsonForm.object(
                "name",
                row.test.name(),
                "result",
                row.result,
                "unit",
                row.test.unit(),
                "range",
                row.test.range(),
                "panel",
                small ? null : panel.name(),
                "method",
                small ? null : panel.method(),
                "specimen",
                small ? null : panel.specimen(),
                "sample_collection_time",
                small ? null : collected.format(TRUTH));
    }
}
