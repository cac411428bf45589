package konsil.phantom.text;

import java.util.List;

/**
 * An exam that is dictated, with what is usually said of it.
 *
 * @param findings what it may show
 * @param reasons why it is done
 * @param normals sentences about what is normal
 */
record Exam(String title, List<String> findings, List<String> reasons, List<String> normals) {
    static final List<Exam> ALL = List.of(
            new Exam(
                    "CT chest",
                    List.of("lung nodule", "pleural effusion", "normal"),
                    List.of("shortness of breath", "cough", "chest pain", "weight loss"),
                    List.of(
                            "No enlarged lymph nodes",
                            "Heart size is normal",
                            "The airways are patent",
                            "No pericardial effusion",
                            "The aorta is normal in caliber")),
            new Exam(
                    "Chest X-ray",
                    List.of("pneumothorax", "pleural effusion", "consolidation", "normal"),
                    List.of("fever", "cough", "chest pain", "shortness of breath"),
                    List.of(
                            "Heart size is normal",
                            "The mediastinum is unremarkable",
                            "No acute bone abnormality",
                            "The hila are normal")),
            new Exam(
                    "CT head without contrast",
                    List.of("head bleed", "normal"),
                    List.of("headache", "fall", "confusion", "dizziness"),
                    List.of(
                            "No midline shift",
                            "The ventricles are normal in size",
                            "No skull fracture",
                            "The basal cisterns are patent")),
            new Exam(
                    "CT abdomen with contrast",
                    List.of("liver lesion", "kidney stone", "normal"),
                    List.of("abdominal pain", "nausea", "weight loss", "fever"),
                    List.of(
                            "The spleen is normal",
                            "The pancreas is unremarkable",
                            "No free fluid",
                            "No bowel obstruction",
                            "The gallbladder is normal")));
}
