/** Made-up reports and dictations as text, with what they say as data. */
package konsil.phantom.text;
