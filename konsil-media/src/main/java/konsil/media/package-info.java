/** Images as they come from files; later volumes and sound. Nothing here knows of models. */
package konsil.media;
