package konsil.phantom.image;

/** What a made-up CT shows. */
public enum CtFinding {
    NORMAL("no abnormality"),
    HEAD_BLEED("intracranial hemorrhage"),
    LUNG_NODULE("lung nodule"),
    PLEURAL_EFFUSION("pleural effusion"),
    LIVER_LESION("liver lesion");

    private final String words;

    CtFinding(String words) {
        this.words = words;
    }

    /** As answers name it. */
    public String words() {
        return words;
    }
}
