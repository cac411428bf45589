package konsil.media.dicomweb;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import konsil.media.BadMediaException;

/** What an archive is told about who asks: RFC 7617 (basic) or RFC 6750 (bearer). Never shown, not even by its text. */
public final class Authorization {
    private final String header;

    private Authorization(String header) {
        this.header = header;
    }

    /**
     * Reads one line, {@code basic USER:PASSWORD} or {@code bearer TOKEN}.
     *
     * @param name where it comes from, for messages
     * @throws BadMediaException when it is neither
     */
    public static Authorization parse(String name, String text) {
        String line = text.strip();
        int space = line.indexOf(' ');
        String kind = line.substring(0, Math.max(space, 0)).toLowerCase(Locale.ROOT);
        String secret = line.substring(space + 1).strip();
        boolean printable = secret.chars().noneMatch(Character::isISOControl);
        if (kind.equals("basic") && printable && secret.indexOf(':') > 0) {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            return new Authorization("Basic " + Base64.getEncoder().encodeToString(bytes));
        }
        if (kind.equals("bearer") && secret.matches("[A-Za-z0-9._~+/=-]+")) {
            return new Authorization("Bearer " + secret);
        }
        throw new BadMediaException(name, "want one line, basic USER:PASSWORD or bearer TOKEN");
    }

    String header() {
        return header;
    }

    @Override
    public String toString() {
        return "Authorization[not shown]";
    }
}
