/**
 * Series of an archive that speaks DICOMweb (PS3.18): QIDO-RS finds them, WADO-RS brings their files as they are
 * stored. Nothing here connects to anything but the address that the caller gives.
 */
package konsil.media.dicomweb;
