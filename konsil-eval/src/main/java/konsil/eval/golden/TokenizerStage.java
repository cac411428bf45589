package konsil.eval.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import konsil.medgemma.ImageConfig;
import konsil.tensor.file.Checkpoint;
import konsil.text.Tokenizer;
import konsil.text.TokenizerFiles;

/**
 * The way from a prompt's text to its ids: images written out as Gemma 3's processor does it, a beginning-of-sequence
 * token, the tokenizer.
 */
record TokenizerStage(Optional<Tokenizer> tokenizer, Optional<ImageConfig> images) {
    private static final String BEGIN = "<bos>";
    private static final String START_OF_IMAGE = "<start_of_image>";
    private static final String SOFT_TOKEN = "<image_soft_token>";
    private static final String END_OF_IMAGE = "<end_of_image>";
    private static final String NO_TOKENIZER = "no tokenizer with the model";
    private static final String GGUF_TOKENS = "tokenizer.ggml.tokens";

    /** The model's tokenizer, or else the golden directory's. */
    static TokenizerStage of(Checkpoint model, Path golden, Optional<ImageConfig> images) throws IOException {
        boolean own = model.metadata().has(GGUF_TOKENS)
                || List.of(TokenizerFiles.PACKED, "tokenizer.json", "tokenizer.model").stream()
                        .anyMatch(model.files()::contains);
        if (own) {
            return new TokenizerStage(Optional.of(TokenizerFiles.of(model)), images);
        }
        for (String name : List.of("tokenizer.json", "tokenizer.model")) {
            if (Files.isRegularFile(golden.resolve(name))) {
                return new TokenizerStage(Optional.of(TokenizerFiles.open(golden.resolve(name))), images);
            }
        }
        return new TokenizerStage(Optional.empty(), images);
    }

    Comparison compare(GoldenCase c) {
        if (c.prompt().isEmpty()) {
            return Judge.absent(GemmaStages.IDS);
        }
        if (tokenizer.isEmpty()) {
            return Comparison.skipped(GemmaStages.IDS, NO_TOKENIZER);
        }
        String text = expanded(c.prompt().get());
        boolean begins = text.startsWith(BEGIN) || tokenizer.get().id(BEGIN).isEmpty();
        return compare(tokenizer.get().encode(begins ? text : BEGIN + text), c.ids());
    }

    /** All texts as one case. */
    Comparison compare(List<CasesFile.TokenizerCase> cases) {
        if (tokenizer.isEmpty()) {
            return Comparison.skipped(GemmaStages.IDS, NO_TOKENIZER);
        }
        int others = 0;
        int first = -1;
        for (int i = 0; i < cases.size(); i++) {
            if (compare(
                            tokenizer.get().encode(cases.get(i).text()),
                            cases.get(i).ids())
                    .off()) {
                others++;
                first = first < 0 ? i : first;
            }
        }
        String note = "%d of %d texts have other ids, the first is text %d".formatted(others, cases.size(), first);
        return Comparison.same(GemmaStages.IDS, others == 0, (double) others / Math.max(1, cases.size()), note);
    }

    /** Where a prompt has one token for an image, the processor writes all of them, with blank lines around. */
    private String expanded(String prompt) {
        if (images.isEmpty() || prompt.contains(SOFT_TOKEN)) {
            return prompt;
        }
        String soft = SOFT_TOKEN.repeat(images.get().tokensPerImage());
        return prompt.replace(START_OF_IMAGE, "\n\n" + START_OF_IMAGE + soft + END_OF_IMAGE + "\n\n");
    }

    private static Comparison compare(int[] actual, int[] golden) {
        int most = Math.max(actual.length, golden.length);
        int others = most - Math.min(actual.length, golden.length);
        String note = "want %d ids, got %d".formatted(golden.length, actual.length);
        for (int i = Math.min(actual.length, golden.length) - 1; i >= 0; i--) {
            if (actual[i] != golden[i]) {
                others++;
                note = "position %d: want id %d, got %d".formatted(i, golden[i], actual[i]);
            }
        }
        return Comparison.same(GemmaStages.IDS, others == 0, (double) others / Math.max(1, most), note);
    }
}
