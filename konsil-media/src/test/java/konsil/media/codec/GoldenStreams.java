package konsil.media.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;

/** The code streams of golden/dicom/streams, which its make_streams.py writes. */
public final class GoldenStreams {
    /** A code stream and its samples. */
    public record Golden(String name, Codestream stream, int bits, boolean signed, int allowed, short[] samples) {
        @Override
        public String toString() {
            return name;
        }
    }

    private GoldenStreams() {}

    private static Path folder() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path folder = at.resolve("golden/dicom/streams");
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        throw new IllegalStateException("golden/dicom/streams is missing from the project");
    }

    static Stream<Golden> all() {
        try {
            return Files.readAllLines(folder().resolve("streams.tsv")).stream().map(GoldenStreams::row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Golden named(String name) {
        return all().filter(golden -> golden.name().equals(name)).findFirst().orElseThrow();
    }

    private static Golden row(String line) {
        String[] cells = line.split("\t", -1);
        try {
            byte[] bytes = Files.readAllBytes(folder().resolve(cells[0]));
            byte[] packed = Base64.getDecoder().decode(cells[7]);
            byte[] raw = new InflaterInputStream(new ByteArrayInputStream(packed)).readAllBytes();
            short[] samples = new short[raw.length / 2];
            ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
            var stream = new Codestream(cells[0], bytes, number(cells[1]), number(cells[2]), number(cells[3]));
            return new Golden(cells[0], stream, number(cells[4]), cells[5].equals("1"), number(cells[6]), samples);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int number(String cell) {
        return Integer.parseInt(cell);
    }
}
