package konsil.kernel.code;

/** Code that combines the 16 elements of a register with each other, so that all hold the result. */
final class Across {
    private Across() {}

    /** Emits {@code to = a combined with b}. */
    @FunctionalInterface
    interface Combination {
        void emit(int to, int a, int b);
    }

    /** Everyone meets everyone: halves are swapped, then quarters, then pairs, then neighbours. */
    static void combine(Assembler s, int z, int swapped, Combination combination) {
        s.vshuff32x4(swapped, z, z, 0b01_00_11_10);
        combination.emit(z, z, swapped);
        s.vshuff32x4(swapped, z, z, 0b10_11_00_01);
        combination.emit(z, z, swapped);
        s.vpshufd(swapped, z, 0b01_00_11_10);
        combination.emit(z, z, swapped);
        s.vpshufd(swapped, z, 0b10_11_00_01);
        combination.emit(z, z, swapped);
    }
}
