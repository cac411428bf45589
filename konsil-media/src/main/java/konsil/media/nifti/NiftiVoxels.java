package konsil.media.nifti;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import konsil.media.Geometry;
import konsil.media.Raster;
import konsil.media.Volume;
import konsil.media.Voxels;

/**
 * Stored numbers of one volume to voxels, a piece at a time, so that nothing but the result takes memory.
 *
 * @param in at the volume's first byte
 */
record NiftiVoxels(NiftiHeader header, Volume.Unit unit, InputStream in) {
    private static final int PIECE = 1 << 14;

    /** For a header whose type is no colour. */
    Volume volume() throws IOException {
        int count = header.columns() * header.rows() * header.slices();
        Voxels voxels = header.type().kind == NiftiType.Kind.SHORT ? shorts(count) : floats(count);
        var geometry = Geometry.ofRasAffine(header.affine());
        return new Volume(header.columns(), header.rows(), header.slices(), geometry, unit, voxels);
    }

    /** For a header whose type is one. */
    List<Raster> colours() throws IOException {
        int pixels = Math.multiplyExact(header.columns(), header.rows());
        int step = header.type().bytes;
        var slices = new ArrayList<Raster>();
        for (int s = 0; s < header.slices(); s++) {
            byte[] stored = in.readNBytes(Math.multiplyExact(step, pixels));
            if (stored.length < step * pixels) {
                throw new EOFException();
            }
            byte[] samples = stored;
            if (step == 4) {
                samples = new byte[3 * pixels];
                for (int i = 0; i < samples.length; i++) {
                    samples[i] = stored[i / 3 * 4 + i % 3];
                }
            }
            slices.add(new Raster(header.columns(), header.rows(), samples));
        }
        return slices;
    }

    private interface Put {
        void at(int index, ByteBuffer data);
    }

    private void each(int count, Put put) throws IOException {
        int size = header.type().bytes;
        var piece = ByteBuffer.allocate(PIECE * size).order(header.order());
        for (int at = 0; at < count; ) {
            int many = Math.min(PIECE, count - at);
            if (in.readNBytes(piece.array(), 0, many * size) < many * size) {
                throw new EOFException();
            }
            piece.clear();
            for (int i = 0; i < many; i++) {
                put.at(at + i, piece);
            }
            at += many;
        }
    }

    private Voxels shorts(int count) throws IOException {
        var stored = new short[count];
        Put put =
                switch (header.type()) {
                    case UINT8 -> (i, data) -> stored[i] = (short) (data.get() & 0xFF);
                    case INT8 -> (i, data) -> stored[i] = data.get();
                    default -> (i, data) -> stored[i] = data.getShort();
                };
        each(count, put);
        var scale = header.scale();
        boolean unsigned = header.type() == NiftiType.UINT16;
        return new Voxels.Shorts(stored, unsigned, scale.slope(), scale.intercept());
    }

    private Voxels floats(int count) throws IOException {
        var values = new float[count];
        double slope = header.scale().slope();
        double intercept = header.scale().intercept();
        boolean plain = slope == 1 && intercept == 0;
        Put put =
                switch (header.type()) {
                    case FLOAT32 ->
                        plain
                                ? (i, data) -> values[i] = data.getFloat()
                                : (i, data) -> values[i] = (float) (data.getFloat() * slope + intercept);
                    case INT32 -> (i, data) -> values[i] = (float) (data.getInt() * slope + intercept);
                    case UINT32 ->
                        (i, data) -> values[i] = (float) (Integer.toUnsignedLong(data.getInt()) * slope + intercept);
                    case INT64 -> (i, data) -> values[i] = (float) (data.getLong() * slope + intercept);
                    case UINT64 -> (i, data) -> values[i] = (float) (unsigned(data.getLong()) * slope + intercept);
                    default -> (i, data) -> values[i] = (float) (data.getDouble() * slope + intercept);
                };
        each(count, put);
        return new Voxels.Floats(values);
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : (value >>> 1) * 2.0;
    }
}
