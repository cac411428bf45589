package konsil.kernel;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector width that {@link VectorKernels} computes at. */
final class Lanes {
    static final VectorSpecies<Float> F = chosen();
    static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
    static final int COUNT = F.length();
    static final int BYTES = F.vectorByteSize();
    static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private Lanes() {}

    private static VectorSpecies<Float> chosen() {
        int bits = Integer.getInteger("konsil.vector.bits", FloatVector.SPECIES_PREFERRED.vectorBitSize());
        return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    }

    static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, RawMemory.ALL, address, LE);
    }

    static FloatVector broadcast(long address) {
        return FloatVector.broadcast(F, RawMemory.getFloat(address));
    }

    static void store(FloatVector v, long address) {
        v.intoMemorySegment(RawMemory.ALL, address, LE);
    }

    static IntVector loadInts(long address) {
        return IntVector.fromMemorySegment(I, RawMemory.ALL, address, LE);
    }
}
