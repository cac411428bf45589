package konsil.media.audio;

import java.io.IOException;
import java.util.Optional;

/** Opus packets as a container holds them. */
interface OpusPackets {
    /** The next packet; empty at the end. */
    Optional<OpusPacket> next() throws IOException;

    /** What was odd but could be read; empty while nothing was. */
    Optional<String> warning();
}
