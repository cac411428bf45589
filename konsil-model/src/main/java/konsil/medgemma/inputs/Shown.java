package konsil.medgemma.inputs;

/** Text of users in messages. */
final class Shown {
    private static final int MOST = 40;

    private Shown() {}

    /** At most 40 characters, control characters as question marks. */
    static String text(String given) {
        String cut = given.length() > MOST ? given.substring(0, MOST) + "..." : given;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
