package konsil.media.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parameters of the main header or of a tile, what a tile does not say comes from the main header. */
final class J2kHeader {
    private static final int COD = 0xFF52;
    private static final int COC = 0xFF53;
    private static final int RGN = 0xFF5E;
    private static final int QCD = 0xFF5C;
    private static final int QCC = 0xFF5D;
    private static final int POC = 0xFF5F;
    private static final int PPM = 0xFF60;
    private static final int PPT = 0xFF61;

    /** A part of the order of packets (section A.6.6): resolutions, layers and components up to the ends. */
    record Progression(
            int order, int firstResolution, int firstComponent, int layers, int resolutions, int components) {}

    private final Codestream stream;
    private final Optional<J2kHeader> main;
    private final Map<Integer, J2kCoding> codings = new HashMap<>();
    private final Map<Integer, J2kQuantisation> quantisations = new HashMap<>();
    private final Map<Integer, Integer> shifts = new HashMap<>();
    private final List<Progression> changes = new ArrayList<>();
    private int[] style = new int[0];

    private static final int ALL = -1;

    J2kHeader(Codestream stream, Optional<J2kHeader> main) {
        this.stream = stream;
        this.main = main;
    }

    /** Takes a marker segment. @param at behind its length */
    void read(int marker, int at, int end) {
        switch (marker) {
            case COD -> {
                style = new int[] {stream.u8(at), stream.u8(at + 1), stream.u16(at + 2), stream.u8(at + 4)};
                codings.put(ALL, J2kCoding.read(stream, at + 5, (style[0] & 1) != 0));
            }
            case COC -> codings.put(stream.u8(at), J2kCoding.read(stream, at + 2, (stream.u8(at + 1) & 1) != 0));
            case QCD -> quantisations.put(ALL, J2kQuantisation.read(stream, at, end));
            case QCC -> quantisations.put(stream.u8(at), J2kQuantisation.read(stream, at + 1, end));
            case RGN -> shifts.put(stream.u8(at), stream.u8(at + 2));
            case POC -> progressions(at, end);
            case PPM, PPT -> throw stream.bad("the JPEG 2000 picture has packed packet headers, which are not read");
            default -> {
                // Lengths, comments and registration do not change samples.
            }
        }
    }

    private void progressions(int from, int end) {
        for (int at = from; at + 7 <= end; at += 7) {
            changes.add(new Progression(
                    stream.u8(at + 6),
                    stream.u8(at),
                    stream.u8(at + 1),
                    stream.u16(at + 2),
                    stream.u8(at + 4),
                    stream.u8(at + 5) == 0 ? 256 : stream.u8(at + 5)));
        }
    }

    private int style(int index) {
        if (style.length > 0) {
            return style[index];
        }
        if (main.isEmpty()) {
            throw stream.bad("the JPEG 2000 picture does not say how it is coded");
        }
        return main.get().style(index);
    }

    int layers() {
        return style(2);
    }

    boolean mixesComponents() {
        return style(3) == 1;
    }

    List<Progression> progressions() {
        if (!changes.isEmpty()) {
            return changes;
        }
        boolean own = style.length > 0;
        if (!own && main.isPresent() && !main.get().changes.isEmpty()) {
            return main.get().changes;
        }
        return List.of(new Progression(style(1), 0, 0, layers(), 33, 256));
    }

    J2kCoding coding(int component) {
        J2kCoding found = codings.getOrDefault(component, codings.get(ALL));
        if (found == null && main.isEmpty()) {
            throw stream.bad("the JPEG 2000 picture does not say how it is coded");
        }
        return found == null ? main.orElseThrow().coding(component) : found;
    }

    J2kQuantisation quantisation(int component) {
        J2kQuantisation found = quantisations.getOrDefault(component, quantisations.get(ALL));
        if (found == null && main.isEmpty()) {
            throw stream.bad("the JPEG 2000 picture has no step sizes");
        }
        return found == null ? main.orElseThrow().quantisation(component) : found;
    }

    int shift(int component) {
        int found = shifts.getOrDefault(
                component, main.map(header -> header.shift(component)).orElse(0));
        if (found > 16) {
            throw stream.bad("the JPEG 2000 picture lifts a region by %d bits".formatted(found));
        }
        return found;
    }
}
