package konsil.media.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import konsil.media.BadMediaException;
import konsil.media.Volume;
import org.junit.jupiter.api.Test;

/** Files that are cut off, damaged or made to take all memory. */
class HostileNiftiTest {
    private static final NiftiSettings SETTINGS = new NiftiSettings(0, Volume.Unit.SIGNAL, 1 << 16);

    private static List<byte[]> files() {
        var first = new NiftiBytes(false, ByteOrder.LITTLE_ENDIAN, NiftiType.INT16, 4, 3, 2)
                .srow(0, 1)
                .srow(5, 1);
        first.srow(10, 1);
        var second = new NiftiBytes(true, ByteOrder.BIG_ENDIAN, NiftiType.FLOAT32, 2, 2, 2).quatern(0, 0.5);
        return List.of(first.bytes(), second.bytes(), NiftiBytes.packed(first.bytes()));
    }

    /** @return whether it was read */
    static boolean readsOrRefuses(byte[] bytes) {
        try {
            Volume volume = NiftiFile.decode("hostile", bytes, SETTINGS);
            assertThat((long) volume.voxels().count()).isBetween(1L, SETTINGS.maxVoxels());
            return true;
        } catch (BadMediaException refused) {
            assertThat(refused).hasMessageStartingWith("hostile: ");
            return false;
        }
    }

    @Test
    void refusesEveryLengthButTheWhole() {
        for (byte[] file : files()) {
            assertThat(readsOrRefuses(file)).isTrue();
            boolean packed = file[0] == 0x1F;
            // Behind the last packed byte there are eight of checksum, which no reader needs to reach.
            for (int length = 0; length < file.length - (packed ? 10 : 0); length++) {
                assertThat(readsOrRefuses(Arrays.copyOf(file, length)))
                        .as("cut at %d", length)
                        .isFalse();
            }
        }
    }

    @Test
    void survivesRandomChanges() {
        var random = new Random(41);
        int read = 0;
        for (int round = 0; round < 6000; round++) {
            byte[] file = files().get(round % 3).clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                file[random.nextInt(Math.min(file.length, 560))] = (byte) random.nextInt();
            }
            read += readsOrRefuses(file) ? 1 : 0;
        }
        assertThat(read).isBetween(100, 5900);
    }

    @Test
    void refusesSizesBeforeTheyTakeMemory() {
        long[][] sizes = {
            {32767, 32767, 32767}, {30000, 2, 1}, {-1, 2, 2}, {0, 1, 1}, {2, 2, 32767}, {1 << 15, 1 << 15, 1 << 15}
        };
        for (long[] size : sizes) {
            var file = new NiftiBytes(false, ByteOrder.LITTLE_ENDIAN, NiftiType.FLOAT64, 4, 3, 2);
            for (int i = 0; i < 3; i++) {
                file.dim(i + 1, size[i]);
            }
            requireLittleMemory(file.bytes());
            requireLittleMemory(NiftiBytes.packed(file.bytes()));
        }
        var huge = new NiftiBytes(true, ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 4, 3, 2);
        for (long size : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40, Integer.MAX_VALUE}) {
            requireLittleMemory(huge.dim(1, size).bytes());
        }
        requireLittleMemory(huge.dim(1, 4).offset(Long.MAX_VALUE).bytes());
        requireLittleMemory(huge.offset(-1).bytes());
        requireLittleMemory(huge.offset(1 << 30).bytes());
    }

    private static void requireLittleMemory(byte[] bytes) {
        assertThat(readsOrRefuses(bytes)).isFalse();
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(readsOrRefuses(bytes)).isFalse();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
    }

    @Test
    void saysWhatIsNotRead() {
        var file = new NiftiBytes(false, ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2, 2, 2);
        file.data.putInt(344, 0);
        assertThatThrownBy(() -> NiftiFile.decode("a.hdr", file.bytes(), SETTINGS))
                .hasMessageStartingWith("a.hdr: this is an Analyze 7.5 file")
                .hasMessageContaining("which side is left");
        var cifti = new NiftiBytes(true, ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2, 2, 2);
        cifti.data.putInt(504, 3001);
        assertThatThrownBy(() -> NiftiFile.decode("c", cifti.bytes(), SETTINGS)).hasMessageContaining("CIFTI");
        var flat = new NiftiBytes(false, ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2, 2, 2).pixdim(2, 0);
        assertThatThrownBy(() -> NiftiFile.decode("f", flat.bytes(), SETTINGS))
                .hasMessageContaining("pixdim is damaged or has spacings of 0");
        var type = new NiftiBytes(false, ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2, 2, 2);
        type.data.putShort(70, (short) 1);
        assertThatThrownBy(() -> NiftiFile.decode("t", type.bytes(), SETTINGS)).hasMessageContaining("data type 1");
    }
}
