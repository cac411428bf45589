/** Made-up patients: seeded, physically plausible, labelled, and written as the files that a hospital would hold. */
package konsil.phantom;
