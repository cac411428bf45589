package konsil.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Whatever the bytes, a reader gives a checkpoint whose every part can be touched, or a {@link BadFileException}. In a
 * normal test run the saved inputs are replayed; see docs/formats.md for how to search for new ones.
 */
class FormatsFuzzTest {
    private static final Path NAME = Path.of("fuzz.bin");
    private static final long MOST_ELEMENTS = 1 << 16;

    @FuzzTest(maxDuration = "10m")
    void safetensors(byte[] data) {
        try (var file = Safetensors.open(MappedFile.of(NAME, MemorySegment.ofArray(data)))) {
            touch(file);
        } catch (BadFileException refused) {
            assertThat(refused).hasMessageStartingWith("fuzz.bin: ");
        }
    }

    @FuzzTest(maxDuration = "10m")
    void gguf(byte[] data) {
        try (var file = Gguf.open(MappedFile.of(NAME, MemorySegment.ofArray(data)))) {
            touch(file);
            touchMetadata(file.metadata());
            sameWhenWritten(file.metadata());
        } catch (BadFileException refused) {
            assertThat(refused).hasMessageStartingWith("fuzz.bin: ");
        }
    }

    @FuzzTest(maxDuration = "10m")
    void json(byte[] data) {
        try {
            var value = Json.parse(MemorySegment.ofArray(data), NAME, JsonLimits.settings());
            byte[] written = value.write().getBytes(StandardCharsets.UTF_8);
            assertThat(Json.parse(MemorySegment.ofArray(written), NAME, JsonLimits.vocabulary()))
                    .isEqualTo(value);
        } catch (BadFileException refused) {
            assertThat(refused).hasMessageStartingWith("fuzz.bin: ");
        }
    }

    /** The bytes are the index; header and hashes around it are right, so that the parser gets to see it. */
    @FuzzTest(maxDuration = "10m")
    void packed(byte[] data) {
        try (var arena = Arena.ofConfined()) {
            var bytes = arena.allocate(16_384, 64);
            byte[] index = Arrays.copyOf(data, Math.min(data.length, 8000));
            byte[] header = PackedHeader.encode(bytes.byteSize(), index);
            MemorySegment.copy(header, 0, bytes, ValueLayout.JAVA_BYTE, 0, header.length);
            MemorySegment.copy(index, 0, bytes, ValueLayout.JAVA_BYTE, header.length, index.length);
            openPacked(bytes);
        }
    }

    /** The bytes are the whole file; nearly always the hashes refuse it. */
    @FuzzTest(maxDuration = "1m")
    void packedFile(byte[] data) {
        openPacked(MemorySegment.ofArray(data));
    }

    private static void openPacked(MemorySegment bytes) {
        try (var file = PackedFile.open(MappedFile.of(NAME, bytes))) {
            touch(file);
            touchMetadata(file.metadata());
            file.files().forEach(name -> assertThat(file.file(name)).isPresent());
            file.verify(done -> {});
        } catch (BadFileException refused) {
            assertThat(refused).hasMessageStartingWith("fuzz.bin: ");
        }
    }

    private static void touch(Checkpoint file) {
        for (String name : file.names()) {
            var info = file.info(name);
            if (info.type() == FileType.UNKNOWN) {
                continue;
            }
            assertThat(file.bytes(name).byteSize()).isEqualTo(info.bytes());
            if (info.type().readable() && info.elements() <= MOST_ELEMENTS) {
                assertThat((long) file.f32(name).length).isEqualTo(info.elements());
            }
        }
    }

    private static void touchMetadata(Metadata metadata) {
        metadata.values().forEach((key, value) -> {
            if (value instanceof MetaValue.Items items) {
                touchItems(metadata, key, items);
            }
        });
    }

    private static void touchItems(Metadata metadata, String key, MetaValue.Items items) {
        switch (items.type()) {
            case TEXT -> assertThat(metadata.texts(key)).hasSize(items.count());
            case F32 -> assertThat(metadata.floats(key)).hasSize(items.count());
            case U8, I8, U16, I16, U32, I32, BOOL ->
                assertThat(metadata.wholes(key)).hasSize(items.count());
            case U64, I64, F64, LIST -> assertThat(items.raw()).isNotNull();
        }
    }

    private static void sameWhenWritten(Metadata metadata) {
        var values = new LinkedHashMap<>(metadata.values());
        values.remove(GgufHeader.ALIGNMENT);
        byte[] written = GgufWriter.header(values, List.of(), 32);
        var read = GgufHeader.parse(MemorySegment.ofArray(written), NAME).metadata();
        assertThat(read.values().keySet()).containsExactlyElementsOf(values.keySet());
    }
}
