package konsil.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Layout;
import konsil.tensor.file.MetaType;
import konsil.tensor.file.MetaValue;
import konsil.tensor.file.PackedFile;
import konsil.tensor.file.TensorInfo;

/**
 * What {@code konsil inspect} says of a checkpoint, for people and for programs.
 *
 * @param shown names of the tensors to list
 */
record Inspection(Checkpoint checkpoint, List<String> shown) {
    private static final int MOST_TEXT = 100;
    private static final int SHORT_HASH = 12;

    void print(PrintStream out) {
        out.printf(
                "%s: %s, %d tensors, %s%n",
                checkpoint.path(), checkpoint.format(), checkpoint.names().size(), size());
        if (checkpoint instanceof PackedFile packed) {
            out.println("identity  " + packed.identity());
            packed.sources().forEach((name, hash) -> out.printf("source    %s  sha256 %s%n", printable(name), hash));
        }
        for (String name : checkpoint.files())
            out.printf("file      %s  %s%n", printable(name), Sizes.text(bytes(name)));
        var metadata = checkpoint.metadata().values();
        metadata.forEach((key, value) -> out.printf("metadata  %s = %s%n", printable(key), text(value)));
        byType().forEach((type, sum) -> out.printf("type      %s  %s%n", type, sum));
        int widest =
                shown.stream().mapToInt(name -> printable(name).length()).max().orElse(0);
        for (String name : shown) {
            TensorInfo info = checkpoint.info(name);
            String padded =
                    printable(name) + " ".repeat(widest - printable(name).length());
            String line = "tensor    %s  %-8s %-20s %-10s%s"
                    .formatted(padded, info.type(), info.shapeText(), Sizes.text(info.bytes()), packedText(info));
            out.println(line.stripTrailing());
        }
    }

    private String packedText(TensorInfo info) {
        String layout = info.layout() instanceof Layout.Packed packed ? "  packed " + packed.arrangement() : "";
        if (checkpoint instanceof PackedFile file) {
            return layout + "  sha256 " + file.sha256(info.name()).substring(0, SHORT_HASH);
        }
        return layout;
    }

    private String size() {
        return Sizes.text(checkpoint.names().stream()
                .mapToLong(name -> checkpoint.info(name).bytes())
                .sum());
    }

    private long bytes(String file) {
        return checkpoint.file(file).orElseThrow().byteSize();
    }

    /** "Q8_0": "240 tensors, 3.9 GiB". */
    private Map<String, String> byType() {
        Map<String, List<TensorInfo>> infos = new TreeMap<>();
        for (String name : checkpoint.names()) {
            TensorInfo info = checkpoint.info(name);
            infos.computeIfAbsent(info.type().name(), _ -> new ArrayList<>()).add(info);
        }
        Map<String, String> sums = new LinkedHashMap<>();
        infos.forEach((type, list) -> sums.put(
                type,
                "%d tensors, %s"
                        .formatted(
                                list.size(),
                                Sizes.text(list.stream()
                                        .mapToLong(TensorInfo::bytes)
                                        .sum()))));
        return sums;
    }

    Map<String, Object> asJson() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("path", checkpoint.path().toString());
        all.put("format", checkpoint.format());
        if (checkpoint instanceof PackedFile packed) {
            all.put("identity", packed.identity());
            all.put("sources", packed.sources());
        }
        Map<String, Object> files = new LinkedHashMap<>();
        for (String name : checkpoint.files()) files.put(name, bytes(name));
        all.put("files", files);
        Map<String, Object> metadata = new LinkedHashMap<>();
        checkpoint.metadata().values().forEach((key, value) -> metadata.put(key, json(value)));
        all.put("metadata", metadata);
        all.put("tensors", shown.stream().map(this::tensorJson).toList());
        return all;
    }

    private Map<String, Object> tensorJson(String name) {
        TensorInfo info = checkpoint.info(name);
        Map<String, Object> tensor = new LinkedHashMap<>();
        tensor.put("name", name);
        tensor.put("type", info.type().name());
        tensor.put("shape", info.shape());
        tensor.put("offset", info.offset());
        tensor.put("bytes", info.bytes());
        if (info.layout() instanceof Layout.Packed packed) {
            tensor.put("packed", packed.arrangement().name());
        }
        if (checkpoint instanceof PackedFile file) {
            tensor.put("original", file.originalType(name).name());
            tensor.put("sha256", file.sha256(name));
        }
        return tensor;
    }

    private static Object json(MetaValue value) {
        return switch (value) {
            case MetaValue.Text(var text) -> text;
            case MetaValue.Flag(boolean flag) -> flag;
            case MetaValue.Whole whole when whole.type() == MetaType.U64 -> Long.toUnsignedString(whole.value());
            case MetaValue.Whole whole -> whole.value();
            case MetaValue.Real real when Double.isFinite(real.value()) -> shortest(real);
            case MetaValue.Real real -> String.valueOf(real.value());
            case MetaValue.Items items -> "%d items of %s".formatted(items.count(), items.type());
        };
    }

    /** An f32 as the shortest decimal that means it: 1.0E-6, not 9.999999974752427E-7. */
    private static double shortest(MetaValue.Real real) {
        return real.type() == MetaType.F32 ? Double.parseDouble(Float.toString((float) real.value())) : real.value();
    }

    private static String text(MetaValue value) {
        String text = printable(String.valueOf(json(value)));
        return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "...";
    }

    /** Names and texts come out of files: nothing in them may reach the terminal as a command. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
    }
}
