package konsil.media.nifti;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import konsil.media.BadMediaException;

/**
 * The header of a NIfTI-1 file (348 bytes, nifti1.h) or NIfTI-2 file (540 bytes, nifti2.h), checked.
 *
 * @param paired whether the voxels are in a file of their own (.img)
 * @param sizes columns, rows, slices, volumes: each at least 1
 * @param type of a stored number
 * @param order of the bytes
 * @param offset where the voxels begin
 * @param scale what makes values of stored numbers
 * @param affine how columns, rows and slices lie, three rows of four, RAS
 * @param bytes how long the header is
 */
record NiftiHeader(
        boolean paired,
        long[] sizes,
        NiftiType type,
        ByteOrder order,
        long offset,
        Scale scale,
        double[] affine,
        int bytes) {
    static final int BYTES_1 = 348;
    static final int BYTES_2 = 540;

    private static final String ANALYZE = "this is an Analyze 7.5 file or a damaged NIfTI-1 file: it lacks the mark"
            + " n+1. Analyze does not say which side is left, so it is not read; convert it to NIfTI";

    private static final int FIRST_CIFTI = 3000;
    private static final int LAST_CIFTI = 3099;

    /** The value is {@code stored * slope + intercept}. */
    record Scale(double slope, double intercept) {
        static final Scale NONE = new Scale(1, 0);
    }

    /** Whether these first four bytes begin a header. */
    static boolean begins(ByteBuffer start) {
        int size = start.order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        return length(size) != 0 || length(Integer.reverseBytes(size)) != 0;
    }

    /** Bytes of a header that says it is so long; 0 when none is. */
    static int length(int sizeOfHeader) {
        return sizeOfHeader == BYTES_1 || sizeOfHeader == BYTES_2 ? sizeOfHeader : 0;
    }

    /**
     * @param name of the file, for messages
     * @param data 540 bytes, or 348 when the header says so
     * @throws BadMediaException when it is no header, or one that cannot be used
     */
    static NiftiHeader read(String name, ByteBuffer data) {
        data.order(ByteOrder.LITTLE_ENDIAN);
        if (length(data.getInt(0)) == 0) {
            data.order(ByteOrder.BIG_ENDIAN);
        }
        return new Reader(name, data, data.getInt(0) == BYTES_2).read();
    }

    int columns() {
        return (int) sizes[0];
    }

    int rows() {
        return (int) sizes[1];
    }

    int slices() {
        return (int) sizes[2];
    }

    int volumes() {
        return (int) sizes[3];
    }

    private record Reader(String name, ByteBuffer data, boolean second) {
        NiftiHeader read() {
            boolean paired = isPaired();
            requireImage();
            NiftiType type = type();
            long[] sizes = sizes();
            var affine = new NiftiAffine(name, data, second, sizes).read();
            int bytes = second ? BYTES_2 : BYTES_1;
            return new NiftiHeader(paired, sizes, type, data.order(), offset(paired, bytes), scale(), affine, bytes);
        }

        private BadMediaException bad(String what) {
            return new BadMediaException(name, what);
        }

        private boolean isPaired() {
            byte[] magic = new byte[4];
            data.get(second ? 4 : 344, magic);
            String text = new String(magic, StandardCharsets.ISO_8859_1);
            String kind = second ? "2\0" : "1\0";
            if (text.equals("n+" + kind)) {
                return false;
            }
            if (text.equals("ni" + kind)) {
                return true;
            }
            throw bad(second ? "this is no NIfTI-2 file: it lacks the mark n+2" : ANALYZE);
        }

        private NiftiType type() {
            int code = second ? data.getShort(12) : data.getShort(70);
            NiftiType type = Arrays.stream(NiftiType.values())
                    .filter(t -> t.code == code)
                    .findFirst()
                    .orElseThrow(() -> bad("NIfTI data type %d is not read".formatted(code)));
            int bits = second ? data.getShort(14) : data.getShort(72);
            if (type.kind == NiftiType.Kind.REFUSED) {
                throw bad("NIfTI data of type %s is not read: save the magnitude as float32".formatted(type));
            }
            if (bits != 8 * type.bytes) {
                throw bad("NIfTI data of type %s has %d bits, got %d".formatted(type, 8 * type.bytes, bits));
            }
            return type;
        }

        private long dim(int i) {
            return second ? data.getLong(16 + 8 * i) : data.getShort(40 + 2 * i);
        }

        private long[] sizes() {
            long dimensions = dim(0);
            if (dimensions < 1 || dimensions > 7) {
                throw bad("the NIfTI header has %d dimensions, want 1 to 7".formatted(dimensions));
            }
            long[] sizes = {1, 1, 1, 1};
            for (int i = 1; i <= dimensions; i++) {
                long size = dim(i);
                if (size < 1 || size > Integer.MAX_VALUE) {
                    throw bad("dimension %d of the NIfTI header is %d, want at least 1".formatted(i, size));
                }
                if (i <= 4) {
                    sizes[i - 1] = size;
                } else if (size > 1) {
                    throw bad("the NIfTI file has %d values a voxel (dimension %d), want 1".formatted(size, i));
                }
            }
            return sizes;
        }

        /** Matrices between surface points are stored as NIfTI too. */
        private void requireImage() {
            int intent = second ? data.getInt(504) : data.getShort(68);
            if (intent >= FIRST_CIFTI && intent <= LAST_CIFTI) {
                throw bad("this is a CIFTI file (intent %d): it holds no volume".formatted(intent));
            }
        }

        private long offset(boolean paired, int bytes) {
            double offset = second ? data.getLong(168) : data.getFloat(108);
            if (!(offset >= 0) || offset > 0x1p62) {
                throw bad("the voxels begin at byte %s, want at least 0".formatted(offset));
            }
            return paired ? (long) offset : Math.max((long) offset, bytes + 4L);
        }

        /** A slope of 0, or none, means stored numbers are values. */
        private Scale scale() {
            double slope = second ? data.getDouble(176) : data.getFloat(112);
            double intercept = second ? data.getDouble(184) : data.getFloat(116);
            if (slope == 0 || !Double.isFinite(slope)) {
                return Scale.NONE;
            }
            if (!Double.isFinite(intercept)) {
                throw bad("scl_slope is %s and scl_inter is no number".formatted(slope));
            }
            return new Scale(slope, intercept);
        }
    }
}
