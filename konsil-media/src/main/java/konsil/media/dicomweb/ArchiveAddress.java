package konsil.media.dicomweb;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import konsil.media.BadMediaException;

/**
 * The root of an archive's DICOMweb services, such as {@code https://pacs.example/dicom-web}.
 *
 * @param root without a slash at its end, a query or a user
 */
public record ArchiveAddress(URI root) {
    private static final String WHAT = "DICOMweb address";

    /**
     * @param plain whether http is allowed to other machines, too
     * @throws BadMediaException when this is no such address; the message does not repeat it, as it may hold a password
     */
    public static ArchiveAddress parse(String text, boolean plain) {
        URI uri;
        try {
            uri = new URI(text.strip().replaceAll("/+$", ""));
        } catch (URISyntaxException _) {
            throw new BadMediaException(WHAT, "this is no address; want https://HOST/PATH");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !scheme.equals("http") && !scheme.equals("https")) {
            throw new BadMediaException(WHAT, "want https://HOST/PATH");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new BadMediaException(WHAT, "want neither a user, a query nor a # in it; credentials go into a file");
        }
        var address = new ArchiveAddress(uri);
        if (scheme.equals("http") && !plain && !address.isThisMachine()) {
            throw new BadMediaException(
                    address.host(), "http is not encrypted; use https, or allow it with --plain-http");
        }
        return address;
    }

    /** Host and port, as messages name the archive. */
    public String host() {
        return root.getPort() < 0 ? root.getHost() : root.getHost() + ":" + root.getPort();
    }

    private boolean isThisMachine() {
        String host = root.getHost().toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.matches("127(\\.[0-9]{1,3}){3}") || host.equals("[::1]");
    }

    /** @param path begins with a slash; letters, digits, dots and query syntax only */
    URI at(String path) {
        return URI.create(root + path);
    }
}
