package konsil.phantom.text;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a person says who dictates a text that MedASR writes: commands and headings as words, abbreviations letter by
 * letter, ages and other numbers in words.
 */
public final class SpokenForm {
    private static final Pattern PARTS = Pattern.compile("\\[[^\\]]*\\]|\\{[^}]*\\}|\\S+");
    private static final Pattern AGE = Pattern.compile("(\\d{1,2})-year-old");
    private static final Map<String, String> WORDS =
            Map.of("CT", "C T", "MRI", "M R I", "PE", "P E", "X-ray", "X ray", "x-ray", "X ray");

    private SpokenForm() {}

    /** In words alone, with a space between. */
    public static String of(String text) {
        var said = new ArrayList<String>();
        var parts = PARTS.matcher(text);
        while (parts.find()) said.add(part(parts.group()));
        return String.join(" ", said);
    }

    private static String part(String part) {
        if (part.startsWith("[") || part.startsWith("{")) {
            return part.substring(1, part.length() - 1).toLowerCase(Locale.ROOT);
        }
        var age = AGE.matcher(part);
        if (age.matches()) return NumberWords.of(Integer.parseInt(age.group(1))) + " year old";
        return WORDS.getOrDefault(part, part);
    }
}
