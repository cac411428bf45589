/** Text and tokens: tokenizers, and how turns of a conversation become text. */
package konsil.text;
