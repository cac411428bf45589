package konsil.train.asr;

import java.nio.file.Path;

/**
 * One line of data.
 *
 * @param line where it stands, counted from 1
 * @param audio resolved against the folder of the data
 * @param text what is said in it, as it is to be written
 */
public record Recording(int line, Path audio, String text) {}
