package konsil.phantom.text;

import java.util.List;

/** Tests that are ordered together. Ranges are those of adults, rounded, and for no clinical use. */
record LabPanel(String name, String specimen, String method, List<LabTest> tests) {
    static final List<LabPanel> ALL = List.of(
            new LabPanel(
                    "Complete Blood Count",
                    "EDTA blood",
                    "Flow cytometry",
                    List.of(
                            new LabTest("Hemoglobin", "g/dL", 13.5, 17.5, 1),
                            new LabTest("Hematocrit", "%", 41, 53, 1),
                            new LabTest("Leukocytes", "10^9/L", 4, 10, 1),
                            new LabTest("Erythrocytes", "10^12/L", 4.5, 5.9, 2),
                            new LabTest("Platelets", "10^9/L", 150, 400, 0),
                            new LabTest("MCV", "fL", 80, 96, 1),
                            new LabTest("MCH", "pg", 27, 33, 1))),
            new LabPanel(
                    "Electrolytes",
                    "Serum",
                    "Ion-selective electrode",
                    List.of(
                            new LabTest("Sodium", "mmol/L", 136, 145, 0),
                            new LabTest("Potassium", "mmol/L", 3.5, 5.1, 1),
                            new LabTest("Chloride", "mmol/L", 98, 107, 0),
                            new LabTest("Calcium", "mg/dL", 8.6, 10.2, 1),
                            new LabTest("Magnesium", "mg/dL", 1.7, 2.2, 1))),
            new LabPanel(
                    "Kidney Function",
                    "Serum",
                    "Enzymatic",
                    List.of(
                            new LabTest("Creatinine", "mg/dL", 0.7, 1.2, 2),
                            new LabTest("Urea", "mg/dL", 17, 43, 0),
                            new LabTest("Uric Acid", "mg/dL", 3.5, 7.2, 1))),
            new LabPanel(
                    "Liver Function",
                    "Serum",
                    "Photometry",
                    List.of(
                            new LabTest("ALT", "U/L", 10, 50, 0),
                            new LabTest("AST", "U/L", 10, 45, 0),
                            new LabTest("GGT", "U/L", 8, 61, 0),
                            new LabTest("Bilirubin", "mg/dL", 0.2, 1.2, 1),
                            new LabTest("Albumin", "g/dL", 3.5, 5.2, 1))),
            new LabPanel(
                    "Lipid Profile",
                    "Serum",
                    "Enzymatic",
                    List.of(
                            new LabTest("Cholesterol", "mg/dL", 120, 200, 0),
                            new LabTest("HDL Cholesterol", "mg/dL", 40, 80, 0),
                            new LabTest("LDL Cholesterol", "mg/dL", 50, 130, 0),
                            new LabTest("Triglycerides", "mg/dL", 40, 150, 0))),
            new LabPanel(
                    "Thyroid Function",
                    "Serum",
                    "Immunoassay",
                    List.of(
                            new LabTest("TSH", "mIU/L", 0.4, 4, 2),
                            new LabTest("Free T4", "ng/dL", 0.9, 1.7, 2),
                            new LabTest("Free T3", "pg/mL", 2, 4.4, 1))),
            new LabPanel(
                    "Coagulation",
                    "Citrate plasma",
                    "Coagulometry",
                    List.of(
                            new LabTest("INR", "ratio", 0.9, 1.2, 2),
                            new LabTest("aPTT", "s", 25, 36, 1),
                            new LabTest("Fibrinogen", "mg/dL", 200, 400, 0))),
            new LabPanel(
                    "Glucose Metabolism",
                    "Fluoride plasma",
                    "Hexokinase",
                    List.of(
                            new LabTest("Glucose", "mg/dL", 70, 99, 0),
                            new LabTest("HbA1c", "%", 4, 5.6, 1),
                            new LabTest("Insulin", "mIU/L", 3, 25, 1))));

    /** Tests whose names and units a small picture can show: at most ten letters, plain signs. */
    static final List<LabTest> PLAIN = ALL.stream()
            .flatMap(panel -> panel.tests().stream())
            .filter(test -> test.name().matches("[A-Za-z]{3,10}") && test.unit().matches("[A-Za-z/%]{1,6}"))
            .toList();
}
