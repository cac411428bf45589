package konsil.media.codec;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import java.util.stream.Stream;
import konsil.media.BadMediaException;
import konsil.media.codec.Decoded.Colours;

/**
 * High-throughput JPEG 2000 (ITU-T T.814) through the system's OpenJPEG 2.5 or newer (openjpeg.h, opj_image_t), which
 * is optional. It gets code streams whose size is already checked.
 */
@SuppressWarnings("restricted") // calling C is what this class is for
final class OpenJpeg {
    private static final String[] NAMES = {"libopenjp2.so.7", "libopenjp2.7.dylib", "openjp2.dll"};
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    /** opj_dparameters_t has two paths of 4096 characters and a few numbers. */
    private static final long PARAMETERS = 1 << 14;

    private static final long BUFFER = 1 << 20;
    private static final long IMAGE_BYTES = 48;
    private static final long COMPONENT_BYTES = 64;
    private static final long COMPONENT_DATA = 48;

    private static final Optional<OpenJpeg> SYSTEM = load(NAMES);

    private final SymbolLookup library;

    private OpenJpeg(SymbolLookup library) {
        this.library = library;
    }

    /** @return nothing when none of these libraries is there */
    static Optional<OpenJpeg> load(String... names) {
        return Stream.of(names)
                .flatMap(name -> lookup(name).stream())
                .findFirst()
                .map(OpenJpeg::new);
    }

    private static Optional<SymbolLookup> lookup(String name) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
        } catch (IllegalArgumentException | IllegalCallerException absent) {
            return Optional.empty();
        }
    }

    static boolean isInstalled() {
        return SYSTEM.isPresent();
    }

    /** @throws BadMediaException when the library is not there, or refuses the stream */
    static Decoded decode(Codestream stream) {
        return decode(SYSTEM, stream);
    }

    static Decoded decode(Optional<OpenJpeg> library, Codestream stream) {
        if (library.isEmpty()) {
            throw stream.bad(
                    "high-throughput JPEG 2000 (transfer syntaxes 1.2.840.10008.1.2.4.201 to .203) needs OpenJPEG"
                            + " 2.5 or newer; install the package libopenjp2-7");
        }
        try (Arena arena = Arena.ofConfined()) {
            return library.get().run(stream, arena);
        }
    }

    private Decoded run(Codestream stream, Arena arena) {
        MemorySegment codec = (MemorySegment) call("opj_create_decompress", POINTER, 0);
        MemorySegment input = (MemorySegment) call("opj_stream_create", POINTER, BUFFER, 1);
        MemorySegment holder = arena.allocate(POINTER);
        try {
            MemorySegment parameters = arena.allocate(PARAMETERS);
            call("opj_set_default_decoder_parameters", null, parameters);
            connect(input, stream.bytes(), arena);
            boolean decoded = succeeds("opj_setup_decoder", codec, parameters)
                    && succeeds("opj_read_header", input, codec, holder)
                    && succeeds("opj_decode", codec, input, holder.get(POINTER, 0))
                    && succeeds("opj_end_decompress", codec, input);
            if (!decoded) {
                throw stream.bad("OpenJPEG finds the high-throughput JPEG 2000 picture damaged, or is older than 2.5");
            }
            return samples(stream, holder.get(POINTER, 0).reinterpret(IMAGE_BYTES));
        } finally {
            MemorySegment image = holder.get(POINTER, 0);
            if (image.address() != 0) {
                call("opj_image_destroy", null, image);
            }
            call("opj_stream_destroy", null, input);
            call("opj_destroy_codec", null, codec);
        }
    }

    private Decoded samples(Codestream stream, MemorySegment image) {
        int count = image.get(INT, 16);
        MemorySegment components = image.get(POINTER, 24).reinterpret(COMPONENT_BYTES * count);
        short[] out = new short[stream.samples()];
        int bits = 0;
        for (int c = 0; c < count; c++) {
            MemorySegment component = components.asSlice(COMPONENT_BYTES * c, COMPONENT_BYTES);
            stream.requireSize(component.get(INT, 8), component.get(INT, 12), count);
            bits = Math.max(bits, component.get(INT, 24));
            long pixels = (long) stream.width() * stream.height();
            MemorySegment data = component.get(POINTER, COMPONENT_DATA).reinterpret(4 * pixels);
            for (int i = 0; i < pixels; i++) {
                out[i * count + c] = (short) data.getAtIndex(INT, i);
            }
        }
        boolean signed = components.get(INT, 32) != 0;
        return new Decoded(bits, signed, count == 3 ? Colours.RGB : Colours.AS_DECLARED, out);
    }

    private boolean succeeds(String function, Object... arguments) {
        return (int) call(function, INT, arguments) != 0;
    }

    /** Calls a C function. @param result what comes back, null for nothing */
    private Object call(String function, MemoryLayout result, Object... arguments) {
        var layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = arguments[i] instanceof Integer ? INT : arguments[i] instanceof Long ? LONG : POINTER;
        }
        var descriptor = result == null ? FunctionDescriptor.ofVoid(layouts) : FunctionDescriptor.of(result, layouts);
        MemorySegment address = library.find(function).orElseThrow();
        try {
            return Linker.nativeLinker().downcallHandle(address, descriptor).invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private void connect(MemorySegment input, byte[] bytes, Arena arena) {
        var reader = new Reader(bytes);
        call("opj_stream_set_read_function", null, input, reader.stub("read", LONG, arena));
        call("opj_stream_set_skip_function", null, input, reader.stub("skip", LONG, arena));
        call("opj_stream_set_seek_function", null, input, reader.stub("seek", INT, arena));
        call("opj_stream_set_user_data", null, input, MemorySegment.NULL, MemorySegment.NULL);
        call("opj_stream_set_user_data_length", null, input, (long) bytes.length);
    }

    /** The library reads through this; nothing may be thrown into it. */
    @SuppressWarnings("UnusedMethod") // C calls them
    private static final class Reader {
        private final byte[] bytes;
        private long at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        MemorySegment stub(String method, ValueLayout result, Arena arena) {
            boolean reads = method.equals("read");
            MethodType type = reads
                    ? MethodType.methodType(long.class, MemorySegment.class, long.class, MemorySegment.class)
                    : MethodType.methodType(result.carrier(), long.class, MemorySegment.class);
            var descriptor = reads
                    ? FunctionDescriptor.of(LONG, POINTER, LONG, POINTER)
                    : FunctionDescriptor.of(result, LONG, POINTER);
            try {
                MethodHandle handle = MethodHandles.lookup().bind(this, method, type);
                return Linker.nativeLinker().upcallStub(handle, descriptor, arena);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        long read(MemorySegment to, long count, MemorySegment unused) {
            long there = Math.min(count, bytes.length - at);
            if (there <= 0) {
                return -1;
            }
            MemorySegment.copy(bytes, (int) at, to.reinterpret(there), ValueLayout.JAVA_BYTE, 0, (int) there);
            at += there;
            return there;
        }

        long skip(long count, MemorySegment unused) {
            long next = Math.clamp(at + count, 0, bytes.length);
            long skipped = next - at;
            at = next;
            return skipped == 0 && count != 0 ? -1 : skipped;
        }

        int seek(long to, MemorySegment unused) {
            if (to < 0 || to > bytes.length) {
                return 0;
            }
            at = to;
            return 1;
        }
    }
}
