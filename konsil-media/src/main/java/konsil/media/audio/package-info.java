/** Sound: files and streams of it as samples of one channel at one rate. */
package konsil.media.audio;
