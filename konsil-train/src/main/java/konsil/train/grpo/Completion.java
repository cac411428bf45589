package konsil.train.grpo;

import konsil.train.gemma.Example;

/**
 * An answer that was drawn.
 *
 * @param example question and answer; labelled are the tokens that were drawn
 * @param text of the answer, without what steers a model
 * @param ended whether it came to its end
 */
record Completion(Example example, String text, boolean ended) {
    int tokens() {
        return example.learnt();
    }
}
