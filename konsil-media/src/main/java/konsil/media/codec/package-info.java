/** Decoders of compressed frames: RLE, JPEG, JPEG-LS, JPEG 2000. They know code streams, not the files around them. */
package konsil.media.codec;
