package konsil.media;

import java.util.Locale;

/**
 * Letters of three by five pixels, drawn larger by a whole factor: the same on every machine, whatever fonts it has.
 * Capitals, digits and some signs; small letters become capitals, everything else a question mark.
 */
final class BitmapFont {
    static final int WIDTH = 3;
    static final int HEIGHT = 5;

    /** Pixels from letter to letter. */
    static final int ADVANCE = 4;

    private static final String CHARACTERS = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.,-:/()%+=_#?";

    /** Five rows of each character, the left pixel as 4, the middle one as 2, the right one as 1. */
    private static final String[] ROWS = {
        "00000", "75557", "26227", "71747", "71317", "55711", "74717", "74757", "71222", "75757", "75717", "25755",
        "65656", "34443", "65556", "74647", "74644", "34553", "55755", "72227", "11152", "55655", "44447", "57755",
        "65555", "25552", "65644", "25563", "65655", "34216", "72222", "55557", "55552", "55775", "55255", "55222",
        "71247", "00002", "00024", "00700", "02020", "11244", "12221", "42224", "51245", "02720", "07070", "00007",
        "57575", "71202"
    };

    private BitmapFont() {}

    /** Whether a pixel of a character is ink; x from 0 to 2, y from 0 to 4. */
    static boolean isInk(char c, int x, int y) {
        int index = CHARACTERS.indexOf(c);
        String rows = ROWS[index < 0 ? ROWS.length - 1 : index];
        return (rows.charAt(y) - '0' >> 2 - x & 1) == 1;
    }

    /** A text as it can be drawn. */
    static String drawable(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}
