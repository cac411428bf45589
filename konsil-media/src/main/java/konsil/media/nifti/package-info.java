/** NIfTI-1 and NIfTI-2: files of volumes, read and written. */
package konsil.media.nifti;
