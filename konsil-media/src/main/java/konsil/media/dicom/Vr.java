package konsil.media.dicom;

import java.util.Locale;
import java.util.Optional;

/** What kind of values an element holds (PS3.5 section 6.2), named as DICOM names it. */
public enum Vr {
    AE(Kind.ASCII),
    AS(Kind.ASCII),
    AT(Kind.BINARY, 4),
    CS(Kind.ASCII),
    DA(Kind.ASCII),
    DS(Kind.DECIMAL),
    DT(Kind.ASCII),
    FD(Kind.BINARY, 8),
    FL(Kind.BINARY, 4),
    IS(Kind.DECIMAL),
    LO(Kind.TEXT),
    LT(Kind.WHOLE_TEXT),
    OB(Kind.BINARY, 1),
    OD(Kind.BINARY, 8),
    OF(Kind.BINARY, 4),
    OL(Kind.BINARY, 4),
    OV(Kind.BINARY, 8),
    OW(Kind.BINARY, 2),
    PN(Kind.TEXT),
    SH(Kind.TEXT),
    SL(Kind.BINARY, 4),
    SQ(Kind.ITEMS),
    SS(Kind.BINARY, 2),
    ST(Kind.WHOLE_TEXT),
    SV(Kind.BINARY, 8),
    TM(Kind.ASCII),
    UC(Kind.TEXT),
    UI(Kind.ASCII),
    UL(Kind.BINARY, 4),
    UN(Kind.BINARY, 1),
    UR(Kind.ASCII),
    US(Kind.BINARY, 2),
    UT(Kind.WHOLE_TEXT),
    UV(Kind.BINARY, 8),
    /** US or SS, as (0028,0103) Pixel Representation says; only where the file does not name the VR. */
    XS(Kind.BINARY, 2);

    enum Kind {
        ASCII,
        DECIMAL,
        /** Text in the data set's character set, several values possible. */
        TEXT,
        /** The same, always one value: a backslash is a character. */
        WHOLE_TEXT,
        BINARY,
        ITEMS
    }

    private final Kind kind;
    private final int width;

    Vr(Kind kind) {
        this(kind, 1);
    }

    Vr(Kind kind, int width) {
        this.kind = kind;
        this.width = width;
    }

    Kind kind() {
        return kind;
    }

    /** Bytes of one value; 1 for text. */
    int width() {
        return width;
    }

    /** Whether explicit VR writes the length in 32 bits (PS3.5 table 7.1-1). */
    boolean hasLongLength() {
        return switch (this) {
            case OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV -> true;
            default -> false;
        };
    }

    /** The VR of two letters; none when they are no VR. */
    static Optional<Vr> of(int first, int second) {
        if (first < 'A' || first > 'U' || second < 'A' || second > 'W') {
            return Optional.empty();
        }
        String name = String.valueOf(new char[] {(char) first, (char) second}).toUpperCase(Locale.ROOT);
        for (Vr vr : values()) {
            if (vr != XS && vr.name().equals(name)) {
                return Optional.of(vr);
            }
        }
        return Optional.empty();
    }
}
