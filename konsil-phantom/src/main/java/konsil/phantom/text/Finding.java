package konsil.phantom.text;

import konsil.tensor.file.Json;

/**
 * What one exam shows.
 *
 * @param side left or right; empty where there is none
 * @param place within the organ, or how large or of what kind; empty where there is none
 * @param size mm; 0 where there is none
 * @param change since the exam before: new, larger, stable, smaller; empty where none is mentioned
 */
record Finding(Exam exam, String name, String side, String place, int size, String change) {
    static Finding made(Exam exam, Chance chance) {
        String name = chance.of(exam.findings());
        String side = name.equals("normal") || name.equals("liver lesion") ? "" : chance.of("left", "right");
        String change =
                name.equals("normal") || chance.happens(0.6) ? "" : chance.of("new", "larger", "stable", "smaller");
        return new Finding(exam, name, side, place(name, chance), size(name, chance), change);
    }

    private static String place(String name, Chance chance) {
        return switch (name) {
            case "lung nodule", "consolidation" -> chance.of("upper lobe", "lower lobe");
            case "pleural effusion", "pneumothorax" -> chance.of("small", "moderate", "large");
            case "head bleed" -> chance.of("frontal", "parietal", "temporal", "occipital");
            case "liver lesion" -> "segment " + NumberWords.of(chance.between(2, 8));
            default -> "";
        };
    }

    private static int size(String name, Chance chance) {
        return switch (name) {
            case "lung nodule" -> chance.between(4, 30);
            case "head bleed" -> chance.between(10, 60);
            case "liver lesion" -> chance.between(8, 50);
            case "kidney stone" -> chance.between(2, 12);
            default -> 0;
        };
    }

    Json labels() {
        return JsonForm.object(
                "exam", exam.title(),
                "finding", name,
                "side", said(side),
                "place", said(place),
                "size_mm", size == 0 ? null : size,
                "change", said(change));
    }

    private static String said(String text) {
        return text.isEmpty() ? null : text;
    }

    private String measure() {
        return NumberWords.of(size) + " millimeter" + (size == 1 ? "" : "s");
    }

    /** A sentence of the findings, without its mark at the end. */
    String sentence(Chance chance) {
        String sentence =
                switch (name) {
                    case "lung nodule" ->
                        chance.of(
                                "There is a nodule in the %s %s measuring %s".formatted(side, place, measure()),
                                "%s %s nodule measuring %s".formatted(Phrase.capital(side), place, measure()),
                                "A %s nodule is seen in the %s %s".formatted(measure(), side, place));
                    case "consolidation" ->
                        chance.of(
                                "There is consolidation in the %s %s".formatted(side, place),
                                "Consolidation of the %s %s is seen".formatted(side, place));
                    case "pleural effusion", "pneumothorax" ->
                        chance.of(
                                "There is a %s %s %s".formatted(place, side, name),
                                "%s %s on the %s".formatted(Phrase.capital(place), name, side));
                    case "head bleed" ->
                        chance.of(
                                "There is a %s %s hemorrhage measuring %s".formatted(side, place, measure()),
                                "Acute hemorrhage in the %s %s lobe {comma} %s".formatted(side, place, measure()));
                    case "liver lesion" ->
                        chance.of(
                                "There is a lesion in liver %s measuring %s".formatted(place, measure()),
                                "Liver {colon} lesion in %s {comma} %s".formatted(place, measure()));
                    case "kidney stone" ->
                        chance.of(
                                "There is a stone in the %s kidney measuring %s".formatted(side, measure()),
                                "%s kidney stone {comma} %s".formatted(Phrase.capital(side), measure()));
                    default -> chance.of("No acute abnormality", "No abnormal finding");
                };
        return sentence + changed();
    }

    private String changed() {
        return switch (change) {
            case "" -> "";
            case "new" -> " {comma} new since the prior exam";
            case "stable" -> " {comma} stable since the prior exam";
            default -> " {comma} " + change + " than on the prior exam";
        };
    }

    /** The sentence that sums it up, without its mark at the end. */
    String impression(Chance chance) {
        return switch (name) {
            case "lung nodule" -> "%s %s nodule {comma} %s".formatted(Phrase.capital(side), place, measure());
            case "consolidation" -> "%s %s pneumonia".formatted(Phrase.capital(side), place);
            case "pleural effusion", "pneumothorax" -> "%s %s %s".formatted(Phrase.capital(place), side, name);
            case "head bleed" -> "Acute %s %s hemorrhage".formatted(side, place);
            case "liver lesion" -> "Liver lesion in %s".formatted(place);
            case "kidney stone" -> "%s kidney stone".formatted(Phrase.capital(side));
            default -> chance.of("Normal exam", "No acute finding");
        };
    }
}
