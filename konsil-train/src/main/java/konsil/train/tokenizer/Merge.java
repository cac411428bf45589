package konsil.train.tokenizer;

/** Two tokens that become one where they meet. */
record Merge(String left, String right) {
    String joined() {
        return left + right;
    }
}
