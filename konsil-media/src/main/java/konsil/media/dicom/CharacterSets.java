package konsil.media.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Text in the character sets of (0008,0005) Specific Character Set (PS3.3 section C.12.1.1.2), those with code
 * extensions by escape sequences (ISO 2022, PS3.5 section 6.1.2.5) too. What a set does not know becomes U+FFFD.
 */
final class CharacterSets {
    private static final int ESCAPE = 0x1B;
    private static final Charset EUC_JP = Charset.forName("EUC-JP");
    private static final Charset EUC_KR = Charset.forName("EUC-KR");
    private static final Charset GB2312 = Charset.forName("GB2312");
    private static final Charset SHIFT_JIS = Charset.forName("Shift_JIS");

    /** By the number behind ISO_IR or ISO 2022 IR. */
    private static final Map<String, Charset> BY_NUMBER = Map.ofEntries(
            Map.entry("6", StandardCharsets.ISO_8859_1),
            Map.entry("100", StandardCharsets.ISO_8859_1),
            Map.entry("101", Charset.forName("ISO-8859-2")),
            Map.entry("109", Charset.forName("ISO-8859-3")),
            Map.entry("110", Charset.forName("ISO-8859-4")),
            Map.entry("144", Charset.forName("ISO-8859-5")),
            Map.entry("127", Charset.forName("ISO-8859-6")),
            Map.entry("126", Charset.forName("ISO-8859-7")),
            Map.entry("138", Charset.forName("ISO-8859-8")),
            Map.entry("148", Charset.forName("ISO-8859-9")),
            Map.entry("203", Charset.forName("ISO-8859-15")),
            Map.entry("166", Charset.forName("TIS-620")),
            Map.entry("13", SHIFT_JIS),
            Map.entry("87", StandardCharsets.US_ASCII),
            Map.entry("159", StandardCharsets.US_ASCII),
            Map.entry("149", EUC_KR),
            Map.entry("58", GB2312),
            Map.entry("192", StandardCharsets.UTF_8));

    /** By the bytes between ESC and the text: those that fill the upper half (G1). */
    private static final Map<String, Charset> UPPER = Map.ofEntries(
            Map.entry("-A", StandardCharsets.ISO_8859_1),
            Map.entry("-B", Charset.forName("ISO-8859-2")),
            Map.entry("-C", Charset.forName("ISO-8859-3")),
            Map.entry("-D", Charset.forName("ISO-8859-4")),
            Map.entry("-L", Charset.forName("ISO-8859-5")),
            Map.entry("-G", Charset.forName("ISO-8859-6")),
            Map.entry("-F", Charset.forName("ISO-8859-7")),
            Map.entry("-H", Charset.forName("ISO-8859-8")),
            Map.entry("-M", Charset.forName("ISO-8859-9")),
            Map.entry("-b", Charset.forName("ISO-8859-15")),
            Map.entry("-T", Charset.forName("TIS-620")),
            Map.entry(")I", SHIFT_JIS),
            Map.entry("$)C", EUC_KR),
            Map.entry("$)A", GB2312));

    /** The lower half (G0): one byte, or two bytes that stand for one character. */
    private enum Lower {
        ASCII,
        JIS_X_0208,
        JIS_X_0212
    }

    private final byte[] bytes;
    private final Charset first;
    private final StringBuilder text = new StringBuilder();
    private Lower lower = Lower.ASCII;
    private Charset upper;

    private CharacterSets(byte[] bytes, Charset first) {
        this.bytes = bytes;
        this.first = first;
        this.upper = first;
    }

    /** @param names the values of Specific Character Set; none means ASCII, of which Latin-1 is taken */
    static String decode(byte[] bytes, List<String> names, DataSet.Context context) {
        String name = names.isEmpty() ? "" : names.getFirst();
        Charset first = charset(name, context);
        boolean plain = true;
        for (byte b : bytes) {
            plain &= b != ESCAPE;
        }
        return plain ? new String(bytes, first) : new CharacterSets(bytes, first).decode();
    }

    private static Charset charset(String name, DataSet.Context context) {
        String plain = name.toUpperCase(Locale.ROOT).replace('-', ' ').replace('_', ' ');
        if (plain.isEmpty()) {
            return StandardCharsets.ISO_8859_1;
        }
        if (plain.equals("GB18030") || plain.equals("GBK")) {
            return Charset.forName(plain);
        }
        Charset found =
                BY_NUMBER.get(plain.substring(plain.lastIndexOf(' ') + 1).replaceFirst("^IR", ""));
        if (found == null) {
            context.warnings().add(Tag.show(Tag.SPECIFIC_CHARACTER_SET) + " is not known; Latin-1 is taken");
            return StandardCharsets.ISO_8859_1;
        }
        return found;
    }

    private String decode() {
        int at = 0;
        while (at < bytes.length) {
            if (bytes[at] == ESCAPE) {
                at = escape(at + 1);
            } else {
                at = run(at);
            }
        }
        return text.toString();
    }

    /** @return behind the escape sequence */
    private int escape(int at) {
        int end = at;
        while (end < bytes.length && end < at + 3 && bytes[end] >= 0x20 && bytes[end] <= 0x2F) {
            end++;
        }
        end = Math.min(end + 1, bytes.length);
        String code = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
        switch (code) {
            case "$B", "$@" -> lower = Lower.JIS_X_0208;
            case "$(D" -> lower = Lower.JIS_X_0212;
            case "(B", "(J" -> lower = Lower.ASCII;
            default -> upper = UPPER.getOrDefault(code, upper);
        }
        return end;
    }

    /** Text up to the next escape sequence or delimiter, behind which the first set counts again. */
    private int run(int from) {
        int at = from;
        int step = lower == Lower.ASCII ? 1 : 2;
        while (at < bytes.length && bytes[at] != ESCAPE && !(isDelimiter(bytes[at]) && step == 1)) {
            if (step == 2 && bytes[at] < 0x21) {
                lower = Lower.ASCII;
                break;
            }
            at = Math.min(at + step, bytes.length);
        }
        append(from, at, step == 2);
        if (at < bytes.length && isDelimiter(bytes[at])) {
            text.append((char) bytes[at]);
            lower = Lower.ASCII;
            upper = first;
            at++;
        }
        return at;
    }

    private static boolean isDelimiter(byte b) {
        return b == '\\' || b == '^' || b == '=' || b == '\r' || b == '\n' || b == '\f' || b == '\t';
    }

    private void append(int from, int to, boolean pairs) {
        if (!pairs) {
            text.append(new String(bytes, from, to - from, upper));
            return;
        }
        boolean three = lower == Lower.JIS_X_0212;
        byte[] euc = new byte[(to - from) / 2 * (three ? 3 : 2)];
        int n = 0;
        for (int at = from; at + 1 < to; at += 2) {
            if (three) {
                euc[n++] = (byte) 0x8F;
            }
            euc[n++] = (byte) (bytes[at] | 0x80);
            euc[n++] = (byte) (bytes[at + 1] | 0x80);
        }
        text.append(new String(euc, 0, n, EUC_JP));
    }
}
