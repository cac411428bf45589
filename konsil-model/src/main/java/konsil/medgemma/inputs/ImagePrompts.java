package konsil.medgemma.inputs;

import java.util.ArrayList;
import java.util.List;
import konsil.text.Piece;
import konsil.text.Turn;

/**
 * What a user's turn says about pictures, in the orders in which MedGemma 1.5 was trained and shown. Words that are
 * constants here are Google's own, kept to the letter because the model is sensitive to them.
 */
public final class ImagePrompts {
    /** Before the slices of a CT (notebook high_dimensional_ct_hugging_face). */
    public static final String CT_INSTRUCTION = "You are an instructor teaching medical students. You are analyzing a"
            + " contiguous block of CT slices from the center of the abdomen. Please review the slices provided below"
            + " carefully.";

    /** Before the patches of a slide, the tissue and procedure behind it (notebook high_dimensional_pathology). */
    public static final String PATHOLOGY_INSTRUCTION = "You are an instructor teaching medical students. For education"
            + " purposes, provide a brief descriptive text for the set of pathology patches extracted from a pathology"
            + " slide. Consider the tissue type and procedure (below) when deciding what to include in the descriptive"
            + " text.\n";

    /** Behind the patches of a slide, in the technical report's evaluation. */
    public static final String PATHOLOGY_REPORT = "Provide a brief diagnostic text for the set of pathology patches"
            + " extracted from a pathology slide. Consider the tissue type and procedure (below) when deciding what to"
            + " include in the diagnostic text. ";

    /** Behind an earlier and a later X-ray (notebook cxr_longitudinal_comparison_with_hugging_face). */
    public static final String COMPARISON =
            "Provide a comparison of these two images and include details from the image"
                    + " which students should take note of when reading longitudinal CXR";

    /**
     * Behind the pages of a lab report. The technical report prints the first three sentences and the names of the
     * fields; how they are put together is not published, so the rest is Konsil's.
     */
    public static final String LAB_REPORT = "You are a Clinical Data Extraction Specialist. Your job is to parse lab"
            + " reports with high precision. From the given lab report, extract all lab tests into a JSON list. Each"
            + " test object has the fields name, result, unit, range, panel, method, specimen, sample_collection_time"
            + " (DD-MM-YYYY HH:MM:SS).";

    private ImagePrompts() {}

    /**
     * Slices of CT or MR: instruction, then every slice with "SLICE k" behind it, k from 1, the question last.
     *
     * @param instruction what stands before; may be empty
     * @param count slices shown
     */
    public static Turn slices(String instruction, int count, String question) {
        var pieces = new ArrayList<Piece>();
        if (!instruction.isEmpty()) {
            pieces.add(new Piece.Text(instruction));
        }
        for (int k = 1; k <= count; k++) {
            pieces.add(new Piece.Image());
            pieces.add(new Piece.Text("SLICE " + k));
        }
        pieces.add(new Piece.Text(question));
        return new Turn(Turn.USER, pieces);
    }

    /** Words, then pictures without labels: patches of a slide as in Google's notebook. */
    public static Turn wordsFirst(String words, int count) {
        var pieces = new ArrayList<Piece>();
        pieces.add(new Piece.Text(words));
        pieces.addAll(images(count));
        return new Turn(Turn.USER, pieces);
    }

    /** Pictures without labels, then words: patches in the technical report, comparisons, localisation. */
    public static Turn imagesFirst(int count, String words) {
        var pieces = new ArrayList<>(images(count));
        pieces.add(new Piece.Text(words));
        return new Turn(Turn.USER, pieces);
    }

    private static List<Piece> images(int count) {
        return java.util.Collections.nCopies(count, new Piece.Image());
    }
}
