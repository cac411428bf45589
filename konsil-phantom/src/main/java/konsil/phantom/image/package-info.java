/** Made-up images: CT, radiographs, slides and MR of people who do not exist, with what they show as data. */
package konsil.phantom.image;
