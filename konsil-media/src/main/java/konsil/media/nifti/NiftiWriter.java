package konsil.media.nifti;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import konsil.media.BadMediaException;
import konsil.media.Geometry;
import konsil.media.Vector3;
import konsil.media.Volume;
import konsil.media.Voxels;

/**
 * Volumes as NIfTI-1 files of one part, packed with gzip: little-endian, int16 or uint16 with their rescale or
 * float32, as the volume holds them. The matrix (sform, code 1) says where the voxels lie; the quaternion says the
 * same where the axes are at right angles, else its code is 0.
 */
public final class NiftiWriter {
    private static final int START = 352;
    private static final int LONGEST_SIDE = Short.MAX_VALUE;
    private static final int SCANNER = 1;
    private static final byte MILLIMETRES = 2;
    private static final double RIGHT = 1e-5;

    private NiftiWriter() {}

    /**
     * Writes a file, or takes the place of one.
     *
     * @throws BadMediaException when a side is above 32,767 voxels
     * @throws IOException when the disk fails
     */
    public static void write(Path path, Volume volume) throws IOException {
        try (var out = Files.newOutputStream(path)) {
            write(out, volume);
        }
    }

    /** Writes the file's bytes; closes nothing. */
    public static void write(OutputStream out, Volume volume) throws IOException {
        if (Math.max(volume.columns(), Math.max(volume.rows(), volume.slices())) > LONGEST_SIDE) {
            throw new BadMediaException("NIfTI", "%s has a side above %d voxels".formatted(volume, LONGEST_SIDE));
        }
        var packed = new GZIPOutputStream(out, 1 << 16);
        packed.write(header(volume));
        body(volume, packed);
        packed.finish();
    }

    private static byte[] header(Volume volume) {
        var data = ByteBuffer.allocate(START).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, NiftiHeader.BYTES_1).put(38, (byte) 'r');
        short[] dim = {3, (short) volume.columns(), (short) volume.rows(), (short) volume.slices(), 1, 1, 1, 1};
        for (int i = 0; i < dim.length; i++) {
            data.putShort(40 + 2 * i, dim[i]);
        }
        NiftiType type = type(volume.voxels());
        data.putShort(70, (short) type.code).putShort(72, (short) (8 * type.bytes));
        data.putFloat(108, START).put(123, MILLIMETRES);
        if (type != NiftiType.FLOAT32 && volume.voxels() instanceof Voxels.Shorts shorts) {
            data.putFloat(112, (float) shorts.slope()).putFloat(116, (float) shorts.intercept());
        } else {
            data.putFloat(112, 1);
        }
        place(volume.geometry(), data);
        data.put(344, new byte[] {'n', '+', '1', 0});
        return data.array();
    }

    /** Rescales that a float of the header cannot hold are computed here. */
    private static NiftiType type(Voxels voxels) {
        return switch (voxels) {
            case Voxels.Shorts shorts -> {
                boolean exact = shorts.slope() == (float) shorts.slope()
                        && shorts.intercept() == (float) shorts.intercept()
                        && shorts.slope() != 0;
                yield !exact ? NiftiType.FLOAT32 : shorts.unsigned() ? NiftiType.UINT16 : NiftiType.INT16;
            }
            case Voxels.Floats _ -> NiftiType.FLOAT32;
        };
    }

    private static void place(Geometry geometry, ByteBuffer data) {
        double[] affine = geometry.rasAffine();
        Vector3 columns = geometry.rowDirection();
        Vector3 rows = geometry.columnDirection();
        Vector3 slices = geometry.sliceDirection();
        boolean square = Math.abs(columns.dot(rows)) < RIGHT
                && Math.abs(columns.dot(slices)) < RIGHT
                && Math.abs(rows.dot(slices)) < RIGHT;
        double hand = columns.cross(rows).dot(slices) < 0 ? -1 : 1;
        data.putFloat(76, (float) hand)
                .putFloat(80, (float) geometry.columnSpacing())
                .putFloat(84, (float) geometry.rowSpacing())
                .putFloat(88, (float) geometry.sliceSpacing());
        data.putShort(252, (short) (square ? SCANNER : 0)).putShort(254, (short) SCANNER);
        if (square) {
            double[] q = quaternion(affine, geometry, hand);
            for (int i = 0; i < 3; i++) {
                data.putFloat(256 + 4 * i, (float) q[i]).putFloat(268 + 4 * i, (float) affine[4 * i + 3]);
            }
        }
        for (int i = 0; i < affine.length; i++) {
            data.putFloat(280 + 4 * i, (float) affine[i]);
        }
    }

    /** b, c, d of the rotation, with a at least 0, from the largest of the four (nifti_mat44_to_quatern). */
    private static double[] quaternion(double[] affine, Geometry geometry, double hand) {
        double[] length = {geometry.columnSpacing(), geometry.rowSpacing(), hand * geometry.sliceSpacing()};
        double[][] r = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                r[i][j] = affine[4 * i + j] / length[j];
            }
        }
        double[] four = {
            1 + r[0][0] + r[1][1] + r[2][2],
            1 + r[0][0] - r[1][1] - r[2][2],
            1 - r[0][0] + r[1][1] - r[2][2],
            1 - r[0][0] - r[1][1] + r[2][2]
        };
        int largest = 0;
        for (int i = 1; i < 4; i++) {
            largest = four[i] > four[largest] ? i : largest;
        }
        double size = 2 * Math.sqrt(four[largest]);
        double[] q =
                switch (largest) {
                    case 0 -> new double[] {size / 4, r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]};
                    case 1 -> new double[] {r[2][1] - r[1][2], size / 4, r[0][1] + r[1][0], r[0][2] + r[2][0]};
                    case 2 -> new double[] {r[0][2] - r[2][0], r[0][1] + r[1][0], size / 4, r[1][2] + r[2][1]};
                    default -> new double[] {r[1][0] - r[0][1], r[0][2] + r[2][0], r[1][2] + r[2][1], size / 4};
                };
        for (int i = 0; i < 4; i++) {
            q[i] = i == largest ? q[i] : q[i] / size;
        }
        double sign = q[0] < 0 ? -1 : 1;
        return new double[] {sign * q[1], sign * q[2], sign * q[3]};
    }

    private static void body(Volume volume, OutputStream out) throws IOException {
        int plane = volume.columns() * volume.rows();
        NiftiType type = type(volume.voxels());
        var data = ByteBuffer.allocate(Math.multiplyExact(plane, type.bytes)).order(ByteOrder.LITTLE_ENDIAN);
        for (int s = 0; s < volume.slices(); s++) {
            data.clear();
            if (type != NiftiType.FLOAT32 && volume.voxels() instanceof Voxels.Shorts shorts) {
                data.asShortBuffer().put(shorts.stored(), s * plane, plane);
            } else {
                data.asFloatBuffer().put(volume.slice(s));
            }
            out.write(data.array());
        }
    }
}
