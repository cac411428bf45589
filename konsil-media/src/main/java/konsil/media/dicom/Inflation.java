package konsil.media.dicom;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Packed bytes made plain, never more of them than is allowed. */
final class Inflation {
    /** Bytes that a packed file may have when it is unpacked; such files are held in memory. */
    static final int MAX_BYTES = 1 << 29;

    private Inflation() {}

    static byte[] gunzip(byte[] packed, DataSet.Context context) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return unpack(in, MAX_BYTES, context);
        } catch (IOException e) {
            throw new konsil.media.BadMediaException(context.name(), "the gzip data is damaged or cut off", e);
        }
    }

    /** @param most bytes that may come out */
    static byte[] inflate(byte[] packed, int most, DataSet.Context context) {
        try {
            return inflate(packed, true, most, context);
        } catch (IOException bare) {
            // PS3.5 annex A.5 wants no zlib header; some writers add one.
            try {
                return inflate(packed, false, most, context);
            } catch (IOException e) {
                throw new konsil.media.BadMediaException(context.name(), "the deflated data is damaged or cut off", e);
            }
        }
    }

    private static byte[] inflate(byte[] packed, boolean bare, int most, DataSet.Context context) throws IOException {
        var inflater = new Inflater(bare);
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(packed), inflater)) {
            return unpack(in, most, context);
        } finally {
            inflater.end();
        }
    }

    /** Reads a stream to its end. */
    static byte[] unpack(InputStream in, int most, DataSet.Context context) throws IOException {
        var out = new ByteArrayOutputStream();
        byte[] block = new byte[1 << 14];
        for (int read = in.read(block); read >= 0; read = in.read(block)) {
            if (out.size() + read > most) {
                throw context.bad("unpacks to more than %d bytes, the limit".formatted(most));
            }
            out.write(block, 0, read);
        }
        return out.toByteArray();
    }
}
