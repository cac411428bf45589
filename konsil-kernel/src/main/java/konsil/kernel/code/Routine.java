package konsil.kernel.code;

/** A function that can be written as machine code. Equal routines have equal code. */
public sealed interface Routine
        permits DenseTile,
                QuantTile,
                DensePack,
                QuantPack,
                ScoreTile,
                ValueTile,
                SoftmaxTile,
                ExpandTile,
                StoreKeys,
                StoreValues,
                SoftmaxEnd,
                Elementwise,
                Normalise,
                Rotate,
                Probe,
                CpuId {
    /** Position-independent code of the function, from its first byte. */
    byte[] assemble();
}
