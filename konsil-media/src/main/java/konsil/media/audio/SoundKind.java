package konsil.media.audio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Which format a file has, by its first bytes. */
enum SoundKind {
    WAV,
    AIFF,
    FLAC,
    OGG,
    WEBM;

    private static final String REMEDY = "convert it with: ffmpeg -i FILE -ac 1 sound.wav";

    /** Looks without reading; an ID3 tag in front of FLAC is gone over. */
    static SoundKind of(AudioBytes in) throws IOException {
        String start = start(in);
        if (start.isEmpty()) {
            throw in.bad("the file is empty");
        }
        boolean tagged = start.startsWith("ID3") && start.length() >= 10;
        if (tagged) {
            in.skip(10 + tagBytes(start));
            start = start(in);
        }
        String form = start.length() < 12 ? "" : start.substring(8, 12);
        if (form.equals("WAVE") && (start.startsWith("RIFF") || start.startsWith("RF64") || start.startsWith("BW64"))) {
            return WAV;
        }
        if (start.startsWith("FORM") && (form.equals("AIFF") || form.equals("AIFC"))) {
            return AIFF;
        }
        if (start.startsWith("fLaC")) {
            return FLAC;
        }
        if (start.startsWith("OggS")) {
            return OGG;
        }
        if (start.startsWith("\u001aE\u00df\u00a3")) {
            return WEBM;
        }
        throw in.bad(tagged ? other("MP3") : refusal(start));
    }

    private static String start(AudioBytes in) throws IOException {
        return new String(in.peek(16), StandardCharsets.ISO_8859_1);
    }

    private static long tagBytes(String start) {
        long size = 0;
        for (int i = 6; i < 10; i++) {
            size = size << 7 | start.charAt(i) & 0x7F;
        }
        return size;
    }

    private static String refusal(String start) {
        int first = start.charAt(0);
        int second = start.length() < 2 ? 0 : start.charAt(1);
        if (first == 0xFF && (second & 0xE0) == 0xE0) {
            return other((second & 0x06) == 0 ? "AAC" : "MP3");
        }
        if (start.startsWith("ftyp", 4)) {
            return other("MP4, M4A or MOV");
        }
        if (start.startsWith("#!AMR")) {
            return other("AMR");
        }
        if (start.startsWith("0&\u00b2u")) {
            return other("WMA");
        }
        if (start.startsWith("caff")) {
            return other("Apple CAF");
        }
        if (start.startsWith("MThd")) {
            return "MIDI holds notes, not sound; want a recording";
        }
        return "not a sound file that is known here; want " + String.join(", ", AudioFile.kinds()) + "; or " + REMEDY;
    }

    private static String other(String kind) {
        return kind + " is not read here; " + REMEDY;
    }
}
