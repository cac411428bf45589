package konsil.phantom.speech;

import java.util.List;

/**
 * A voice of a synthesiser.
 *
 * @param program espeak-ng or flite; the Debian package has the same name
 * @param name as the program calls it
 * @param seen false for voices that no training set holds
 */
public record Voice(String program, String name, boolean seen) {
    private static final String ESPEAK = "espeak-ng";
    private static final String FLITE = "flite";

    /** Every voice that dictates. */
    public static final List<Voice> ALL = List.of(
            new Voice(ESPEAK, "en-us", true),
            new Voice(ESPEAK, "en-us+f2", true),
            new Voice(ESPEAK, "en-us+m3", true),
            new Voice(ESPEAK, "en-gb", true),
            new Voice(ESPEAK, "en-gb-x-rp+f4", true),
            new Voice(FLITE, "slt", true),
            new Voice(FLITE, "kal16", true),
            new Voice(FLITE, "rms", true),
            new Voice(ESPEAK, "en-gb-scotland", false),
            new Voice(FLITE, "awb", false));

    /** Those of one kind. */
    public static List<Voice> all(boolean seen) {
        return ALL.stream().filter(voice -> voice.seen == seen).toList();
    }

    /** For lists: program and name. */
    public String title() {
        return program + "/" + name;
    }
}
