package konsil.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** DICOM files around the golden code streams, one for each way of packing; some with several frames. */
final class PackedFiles {
    /** @param lossless whether every decoder must give the same values */
    record Packed(String name, String series, boolean lossless, byte[] file) {}

    private PackedFiles() {}

    static List<Packed> all() throws IOException {
        int[] grey = {61, 47, 1};
        int[] colour = {45, 38, 3};
        return List.of(
                one("baseline.jpg", "50", false, grey, 8),
                one("baseline-444.jpg", "50", false, colour, 8),
                one("extended-12.jpg", "51", false, grey, 12),
                one("lossless-4.jpg", "57", true, grey, 12),
                one("lossless-1.jpg", "70", true, grey, 12, "lossless-1.jpg"),
                one("lossless-16.jpg", "70", true, grey, 16),
                one("lossless-8.jls", "80", true, grey, 8),
                one("cooked-12.jls", "80", true, grey, 12, "cooked-12.jls", "cooked-12.jls"),
                one("lossless-16.jls", "80", true, grey, 16),
                one("colour-n.jls", "80", true, colour, 8),
                one("near-2.jls", "81", true, grey, 12),
                one("plain.j2k", "90", true, grey, 12),
                one("16bit.j2k", "90", true, grey, 16),
                one("real.j2k", "91", false, grey, 12),
                runLength());
    }

    private static Packed one(String stream, String syntax, boolean lossless, int[] size, int bits, String... more)
            throws IOException {
        var frames = new java.util.ArrayList<byte[]>();
        frames.add(read(stream));
        for (String next : more) {
            frames.add(read(next));
        }
        String series = "1.2.7." + Integer.toUnsignedString(stream.hashCode());
        int[] depth = {bits > 8 ? 16 : 8, bits};
        return new Packed(
                stream,
                series,
                lossless,
                DicomBytes.packed("1.2.840.10008.1.2.4." + syntax, series, size, depth, frames));
    }

    private static byte[] read(String stream) throws IOException {
        return Files.readAllBytes(Path.of("..", "golden", "dicom", "streams", stream));
    }

    /** PS3.5 annex G: 64 bytes of header, then one segment of literal and repeated runs; two frames of 4 x 2. */
    private static Packed runLength() {
        byte[] frame = new byte[64 + 8];
        frame[0] = 1;
        frame[4] = 64;
        byte[] runs = {3, 10, 20, 30, 40, (byte) -3, 50, 0};
        System.arraycopy(runs, 0, frame, 64, runs.length);
        frame[71] = (byte) -128;
        byte[] other = frame.clone();
        other[65] = 99;
        var file = DicomBytes.packed(
                "1.2.840.10008.1.2.5", "1.2.7.5", new int[] {4, 2, 1}, new int[] {8, 8}, List.of(frame, other));
        return new Packed("runs.rle", "1.2.7.5", true, file);
    }
}
