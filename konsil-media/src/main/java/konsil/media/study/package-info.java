/** Files of any imaging kind, alone or together, to what can be shown: volumes, pictures, slides; and what cannot. */
package konsil.media.study;
