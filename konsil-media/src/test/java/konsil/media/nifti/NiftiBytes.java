package konsil.media.nifti;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPOutputStream;

/** NIfTI files made by hand: a header of either version and byte order, and the room for voxels behind it. */
final class NiftiBytes {
    final ByteBuffer data;
    final boolean second;
    final int start;

    NiftiBytes(boolean second, ByteOrder order, NiftiType type, int... sizes) {
        int count = 1;
        for (int size : sizes) {
            count *= size;
        }
        this.second = second;
        start = second ? 544 : 352;
        data = ByteBuffer.allocate(start + count * type.bytes).order(order);
        data.putInt(0, second ? 540 : 348);
        data.put(second ? 4 : 344, new byte[] {'n', '+', (byte) (second ? '2' : '1'), 0});
        dim(0, sizes.length);
        for (int i = 0; i < sizes.length; i++) {
            dim(i + 1, sizes[i]);
        }
        data.putShort(second ? 12 : 70, (short) type.code).putShort(second ? 14 : 72, (short) (8 * type.bytes));
        offset(start);
        for (int i = 0; i < 8; i++) {
            pixdim(i, 1);
        }
    }

    NiftiBytes dim(int i, long size) {
        if (second) {
            data.putLong(16 + 8 * i, size);
        } else {
            data.putShort(40 + 2 * i, (short) size);
        }
        return this;
    }

    NiftiBytes offset(long offset) {
        if (second) {
            data.putLong(168, offset);
        } else {
            data.putFloat(108, (float) offset);
        }
        return this;
    }

    NiftiBytes pixdim(int i, double size) {
        return number(i, size, 104, 76);
    }

    /** Slope and intercept for 0 and 1. */
    NiftiBytes scale(int i, double value) {
        return number(i, value, 176, 112);
    }

    /** b, c, d, x, y, z for 0 to 5; uses the quaternion. */
    NiftiBytes quatern(int i, double value) {
        code(0, 1);
        return number(i, value, 352, 256);
    }

    /** One of the twelve numbers of the matrix; uses the matrix. */
    NiftiBytes srow(int i, double value) {
        code(1, 1);
        return number(i, value, 400, 280);
    }

    /** qform_code and sform_code for 0 and 1. */
    NiftiBytes code(int i, int value) {
        if (second) {
            data.putInt(344 + 4 * i, value);
        } else {
            data.putShort(252 + 2 * i, (short) value);
        }
        return this;
    }

    private NiftiBytes number(int i, double value, int from2, int from1) {
        if (second) {
            data.putDouble(from2 + 8 * i, value);
        } else {
            data.putFloat(from1 + 4 * i, (float) value);
        }
        return this;
    }

    byte[] bytes() {
        return data.array().clone();
    }

    static byte[] packed(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
