/** Single slices, wherever from, to volumes: which belong together, in what order, and what speaks against it. */
package konsil.media.series;
