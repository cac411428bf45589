/** Conversations to learn from: read from JSON lines, checked, and turned into tokens. */
package konsil.train.data;
