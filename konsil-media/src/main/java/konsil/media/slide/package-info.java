/** Slides of pathology: pyramids of tiles, of which any part is read without the rest. */
package konsil.media.slide;
