package konsil.media.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Values of elements, from their bytes (PS3.5 section 6.2). */
final class Values {
    private Values() {}

    static List<String> texts(DicomElement element, Vr vr, byte[] bytes, DataSet set) {
        return switch (vr.kind()) {
            case ASCII, DECIMAL -> ascii(bytes);
            case TEXT -> values(CharacterSets.decode(bytes, set.characterSets(), set.context()));
            case WHOLE_TEXT -> whole(CharacterSets.decode(bytes, set.characterSets(), set.context()));
            case BINARY -> vr.width() == 1 || vr == Vr.OW ? List.of() : shown(vr, numbers(element, vr, bytes, set));
            case ITEMS -> List.of();
        };
    }

    private static List<String> shown(Vr vr, double[] numbers) {
        if (vr == Vr.AT) {
            return Arrays.stream(numbers)
                    .mapToObj(tag -> "%08X".formatted((long) tag))
                    .toList();
        }
        return Arrays.stream(numbers)
                .mapToObj(number -> number == Math.rint(number) && Math.abs(number) < 1e15
                        ? Long.toString((long) number)
                        : Double.toString(number))
                .toList();
    }

    static List<String> ascii(byte[] bytes) {
        return values(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static List<String> whole(String text) {
        String stripped = text.replace("\0", "").stripTrailing();
        return stripped.isEmpty() ? List.of() : List.of(stripped);
    }

    private static List<String> values(String text) {
        var values = new ArrayList<String>();
        for (String value : text.split("\\\\", -1)) {
            values.add(value.replace("\0", "").strip());
        }
        boolean empty = values.size() == 1 && values.getFirst().isEmpty();
        return empty ? List.of() : List.copyOf(values);
    }

    static double[] numbers(DicomElement element, Vr vr, byte[] bytes, DataSet set) {
        return switch (vr.kind()) {
            case BINARY -> binary(element, vr, bytes, set);
            case ITEMS -> new double[0];
            default -> decimals(element, bytes, set);
        };
    }

    private static double[] decimals(DicomElement element, byte[] bytes, DataSet set) {
        return ascii(bytes).stream()
                .filter(text -> !text.isEmpty())
                .mapToDouble(text -> decimal(element, text, set))
                .toArray();
    }

    /** A decimal as people and machines write it: spaces inside are taken out, a comma counts as a point. */
    private static double decimal(DicomElement element, String text, DataSet set) {
        String plain = text.replace(" ", "").replace(',', '.');
        boolean decimal = !plain.isEmpty() && plain.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0);
        try {
            if (decimal) {
                double value = Double.parseDouble(plain);
                if (!Double.isInfinite(value)) {
                    return value;
                }
            }
        } catch (NumberFormatException e) {
            throw new konsil.media.BadMediaException(set.context().name(), element + " holds no number", e);
        }
        throw set.context().bad(element + " holds no number");
    }

    private static double[] binary(DicomElement element, Vr vr, byte[] bytes, DataSet set) {
        boolean big = element.value() instanceof DicomElement.Stored(var span) && span.bigEndian();
        var data = ByteBuffer.wrap(bytes).order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int width = vr.width();
        if (bytes.length % width != 0) {
            set.context().warnings().add(element + " has a length that its VR does not allow; the rest is left out");
        }
        double[] values = new double[bytes.length / width];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(vr, data, i * width);
        }
        return values;
    }

    private static double value(Vr vr, ByteBuffer data, int at) {
        return switch (vr) {
            case US, OW -> data.getShort(at) & 0xFFFF;
            case SS -> data.getShort(at);
            case UL, OL -> data.getInt(at) & 0xFFFFFFFFL;
            case AT -> (data.getShort(at) & 0xFFFFL) << 16 | data.getShort(at + 2) & 0xFFFF;
            case SL -> data.getInt(at);
            case FL, OF -> data.getFloat(at);
            case FD, OD -> data.getDouble(at);
            case SV -> data.getLong(at);
            case UV, OV -> unsigned(data.getLong(at));
            default -> data.get(at) & 0xFF;
        };
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : (value >>> 1) * 2.0;
    }
}
