/** Made-up dictations as sound, spoken by the synthesisers of Debian. */
package konsil.phantom.speech;
