package konsil.media.nifti;

import java.nio.ByteBuffer;
import konsil.media.BadMediaException;
import konsil.media.Geometry;
import konsil.media.Vector3;

/**
 * Where the voxels of a NIfTI file lie. Of the methods of nifti1.h the first that the file uses counts, as in nibabel:
 * the matrix (sform_code above 0), else the quaternion (qform_code above 0), else the spacing alone: columns to the
 * left, rows to the front, slices to the head, the middle of the block at 0.
 *
 * @param sizes columns, rows, slices
 */
record NiftiAffine(String name, ByteBuffer data, boolean second, long[] sizes) {
    /** @return three rows of four, RAS, of a valid {@link Geometry} */
    double[] read() {
        int qform = second ? data.getInt(344) : data.getShort(252);
        int sform = second ? data.getInt(348) : data.getShort(254);
        double[] affine = sform > 0 ? matrix() : qform > 0 ? quaternion() : spacing();
        String method = sform > 0 ? "sform" : qform > 0 ? "qform" : "pixdim";
        boolean spans = Geometry.isNumber(column(affine, 3))
                && Geometry.spans(column(affine, 0), column(affine, 1), column(affine, 2));
        if (!spans) {
            throw new BadMediaException(
                    name, "the voxels have no place in space: %s is damaged or has spacings of 0".formatted(method));
        }
        return affine;
    }

    private static Vector3 column(double[] affine, int i) {
        return new Vector3(affine[i], affine[4 + i], affine[8 + i]);
    }

    private double[] matrix() {
        double[] affine = new double[12];
        for (int i = 0; i < affine.length; i++) {
            affine[i] = second ? data.getDouble(400 + 8 * i) : data.getFloat(280 + 4 * i);
        }
        return affine;
    }

    private double pixdim(int i) {
        return second ? data.getDouble(104 + 8 * i) : data.getFloat(76 + 4 * i);
    }

    /** b, c, d of the quaternion and the offsets x, y, z, for 0 to 5. */
    private double quatern(int i) {
        return second ? data.getDouble(352 + 8 * i) : data.getFloat(256 + 4 * i);
    }

    private double[] quaternion() {
        double b = quatern(0);
        double c = quatern(1);
        double d = quatern(2);
        double rest = 1 - (b * b + c * c + d * d);
        double a = 0;
        if (rest > 0) {
            a = Math.sqrt(rest);
        } else {
            // A half turn, whose rounded numbers need not be of length 1.
            double length = Math.sqrt(1 - rest);
            b /= length;
            c /= length;
            d /= length;
        }
        double sign = pixdim(0) < 0 ? -1 : 1;
        double[] zoom = {Math.abs(pixdim(1)), Math.abs(pixdim(2)), sign * Math.abs(pixdim(3))};
        double[] rotation = {
            a * a + b * b - c * c - d * d,
            2 * (b * c - a * d),
            2 * (b * d + a * c),
            2 * (b * c + a * d),
            a * a + c * c - b * b - d * d,
            2 * (c * d - a * b),
            2 * (b * d - a * c),
            2 * (c * d + a * b),
            a * a + d * d - b * b - c * c
        };
        double[] affine = new double[12];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                affine[4 * i + j] = rotation[3 * i + j] * zoom[j];
            }
            affine[4 * i + 3] = quatern(3 + i);
        }
        return affine;
    }

    private double[] spacing() {
        double[] affine = new double[12];
        for (int i = 0; i < 3; i++) {
            double step = i == 0 ? -Math.abs(pixdim(1)) : Math.abs(pixdim(i + 1));
            affine[5 * i] = step;
            affine[4 * i + 3] = -step * (sizes[i] - 1) / 2;
        }
        return affine;
    }
}
