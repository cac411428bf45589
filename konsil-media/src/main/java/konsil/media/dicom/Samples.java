package konsil.media.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The stored words of a frame, as wide as (0028,0100) Bits Allocated; all bits as they are in the file. */
public sealed interface Samples {
    int size();

    /** The bits of one word, without a sign. @throws UnsupportedOperationException for floating point */
    int bits(int index);

    /** One word as a number, without a sign where it is whole. */
    double number(int index);

    /** All words in little endian. */
    byte[] littleEndian();

    record Bytes(byte[] words) implements Samples {
        @Override
        public int size() {
            return words.length;
        }

        @Override
        public int bits(int index) {
            return words[index] & 0xFF;
        }

        @Override
        public double number(int index) {
            return bits(index);
        }

        @Override
        public byte[] littleEndian() {
            return words.clone();
        }
    }

    record Shorts(short[] words) implements Samples {
        @Override
        public int size() {
            return words.length;
        }

        @Override
        public int bits(int index) {
            return words[index] & 0xFFFF;
        }

        @Override
        public double number(int index) {
            return bits(index);
        }

        @Override
        public byte[] littleEndian() {
            var bytes = ByteBuffer.allocate(Math.multiplyExact(2, words.length)).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asShortBuffer().put(words);
            return bytes.array();
        }
    }

    record Ints(int[] words) implements Samples {
        @Override
        public int size() {
            return words.length;
        }

        @Override
        public int bits(int index) {
            return words[index];
        }

        @Override
        public double number(int index) {
            return words[index] & 0xFFFFFFFFL;
        }

        @Override
        public byte[] littleEndian() {
            var bytes = ByteBuffer.allocate(Math.multiplyExact(4, words.length)).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asIntBuffer().put(words);
            return bytes.array();
        }
    }

    record Floats(float[] words) implements Samples {
        @Override
        public int size() {
            return words.length;
        }

        @Override
        public int bits(int index) {
            throw new UnsupportedOperationException("floating point has no stored bits");
        }

        @Override
        public double number(int index) {
            return words[index];
        }

        @Override
        public byte[] littleEndian() {
            var bytes = ByteBuffer.allocate(Math.multiplyExact(4, words.length)).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(words);
            return bytes.array();
        }
    }

    record Doubles(double[] words) implements Samples {
        @Override
        public int size() {
            return words.length;
        }

        @Override
        public int bits(int index) {
            throw new UnsupportedOperationException("floating point has no stored bits");
        }

        @Override
        public double number(int index) {
            return words[index];
        }

        @Override
        public byte[] littleEndian() {
            var bytes = ByteBuffer.allocate(Math.multiplyExact(8, words.length)).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asDoubleBuffer().put(words);
            return bytes.array();
        }
    }
}
