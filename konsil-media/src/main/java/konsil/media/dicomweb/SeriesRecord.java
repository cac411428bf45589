package konsil.media.dicomweb;

/**
 * A series as an archive lists it.
 *
 * @param study its Study Instance UID
 * @param series its Series Instance UID
 * @param modality empty when the archive does not say
 * @param instances how many there are; 0 when the archive does not say
 */
public record SeriesRecord(String study, String series, String modality, int instances) {}
