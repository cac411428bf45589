/** DICOM files (PS3.5, PS3.10): elements, character sets, frames as stored values, grey values and pictures. */
package konsil.media.dicom;
