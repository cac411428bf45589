/** Models that nobody has trained yet: a configuration and random weights. */
package konsil.train.start;
