package konsil.phantom.text;

import java.util.List;

/** Exams that are dictated, with what is usually said of them. */
enum Exam {
    CHEST_CT(
            "CT chest",
            List.of("lung nodule", "pleural effusion", "normal"),
            List.of("shortness of breath", "cough", "chest pain", "weight loss"),
            List.of(
                    "No enlarged lymph nodes",
                    "Heart size is normal",
                    "The airways are patent",
                    "No pericardial effusion",
                    "The aorta is normal in caliber")),
    CHEST_XRAY(
            "Chest X-ray",
            List.of("pneumothorax", "pleural effusion", "consolidation", "normal"),
            List.of("fever", "cough", "chest pain", "shortness of breath"),
            List.of(
                    "Heart size is normal",
                    "The mediastinum is unremarkable",
                    "No acute bone abnormality",
                    "The hila are normal")),
    HEAD_CT(
            "CT head without contrast",
            List.of("head bleed", "normal"),
            List.of("headache", "fall", "confusion", "dizziness"),
            List.of(
                    "No midline shift",
                    "The ventricles are normal in size",
                    "No skull fracture",
                    "The basal cisterns are patent")),
    ABDOMEN_CT(
            "CT abdomen with contrast",
            List.of("liver lesion", "kidney stone", "normal"),
            List.of("abdominal pain", "nausea", "weight loss", "fever"),
            List.of(
                    "The spleen is normal",
                    "The pancreas is unremarkable",
                    "No free fluid",
                    "No bowel obstruction",
                    "The gallbladder is normal"));

    private final String title;
    private final List<String> findings;
    private final List<String> reasons;
    private final List<String> normals;

    Exam(String title, List<String> findings, List<String> reasons, List<String> normals) {
        this.title = title;
        this.findings = findings;
        this.reasons = reasons;
        this.normals = normals;
    }

    String title() {
        return title;
    }

    List<String> findings() {
        return findings;
    }

    List<String> reasons() {
        return reasons;
    }

    List<String> normals() {
        return normals;
    }
}
