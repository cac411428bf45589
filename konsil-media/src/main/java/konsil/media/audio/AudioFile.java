package konsil.media.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import konsil.media.BadMediaException;

/**
 * Sound files: WAV, AIFF, FLAC, and Opus in Ogg or WebM become one channel, the mean of the file's channels, at the
 * file's own rate. The bytes decide what a file is, not its name. A file that breaks off gives what there is and a
 * warning; a file whose contents are wrong is refused.
 */
public final class AudioFile {
    private AudioFile() {}

    /**
     * Reads a file whole, and refuses it when anything about it is odd, such as a missing end.
     *
     * @throws BadMediaException when there is no readable file, or it holds no sound that can be used
     * @throws IOException when the disk fails
     */
    public static Waveform read(Path path, AudioLimits limits) throws IOException {
        return read(path, limits, odd -> {
            throw new BadMediaException(nameOf(path), odd);
        });
    }

    /** Reads a file whole; what is odd about it is told, one sentence each, and what there is is returned. */
    public static Waveform read(Path path, AudioLimits limits, Consumer<String> warnings) throws IOException {
        try (var stream = open(path, limits)) {
            Waveform whole = stream.rest(limits);
            stream.warnings().forEach(warnings);
            return whole;
        }
    }

    /** Opens a file to be read block by block; for the errors see {@link #read(Path, AudioLimits)}. */
    public static AudioStream open(Path path, AudioLimits limits) throws IOException {
        String name = nameOf(path);
        if (!Files.exists(path)) {
            throw new BadMediaException(name, "there is no such file");
        }
        if (!Files.isRegularFile(path)) {
            throw new BadMediaException(name, "want a sound file, this is a folder or a device");
        }
        if (!Files.isReadable(path)) {
            throw new BadMediaException(name, "no permission to read it");
        }
        return open(name, Files.newInputStream(path), limits);
    }

    /**
     * Opens sound that arrives from anywhere, read forwards once.
     *
     * @param name what to call it in messages
     * @param source closed with the stream, or when this fails
     */
    public static AudioStream open(String name, InputStream source, AudioLimits limits) throws IOException {
        var in = new AudioBytes(name, source);
        try {
            return open(in, limits);
        } catch (IOException | RuntimeException failed) {
            in.close();
            throw failed;
        }
    }

    private static AudioStream open(AudioBytes in, AudioLimits limits) throws IOException {
        SoundKind kind = SoundKind.of(in);
        return switch (kind) {
            case WAV -> WavStream.open(in, limits);
            case AIFF -> AiffStream.open(in, limits);
            case FLAC -> FlacStream.open(in, limits);
            case OGG -> OpusStream.open(in, OggPackets.open(in), limits);
            case WEBM -> OpusStream.open(in, WebmPackets.open(in), limits);
        };
    }

    /** Every kind that is read, for messages. */
    static List<String> kinds() {
        return List.of("WAV", "AIFF", "FLAC", "Ogg Opus", "WebM Opus");
    }

    private static String nameOf(Path path) {
        Path last = path.getFileName();
        return last == null ? path.toString() : last.toString();
    }
}
