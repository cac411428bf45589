package konsil.phantom.speech;

import java.io.IOException;
import konsil.media.audio.Waveform;
import konsil.phantom.speech.Synthesiser.Manner;
import konsil.phantom.text.Chance;
import konsil.phantom.text.Dictation;

/**
 * A dictation as it was spoken.
 *
 * @param sound mono, 16 kHz
 */
record SpokenDictation(Dictation dictation, Voice voice, Waveform sound) {
    /** @param seen whether by a voice for training, or by one that is kept apart */
    static SpokenDictation made(Dictation dictation, boolean seen, Chance chance) throws IOException {
        Voice voice = chance.of(Voice.all(seen));
        var manner = new Manner(chance.between(0.85, 1.2), chance.between(0.85, 1.15));
        var room = Room.made(chance);
        var dry = Synthesiser.speak(dictation.spoken(), voice, manner);
        return new SpokenDictation(dictation, voice, room.hear(dry, chance));
    }
}
