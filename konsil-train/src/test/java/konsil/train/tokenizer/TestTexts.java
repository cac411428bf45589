package konsil.train.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import konsil.text.Tokenizer;
import konsil.text.TokenizerFiles;

/** Made-up sentences, and trained tokenizers opened as a model opens them. */
final class TestTexts {
    private static final List<String> WORDS = List.of(
            "the",
            "liver",
            "lung",
            "nodule",
            "effusion",
            "no",
            "left",
            "right",
            "is",
            "normal",
            "12",
            "4.5",
            "mm",
            "{period}",
            "{comma}",
            "in",
            "lobe",
            "na\u00efve",
            "\u8840",
            "pneumothorax,");

    private TestTexts() {}

    static List<String> sentences(long seed, int count) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var sentences = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            var words = new ArrayList<String>();
            for (int n = random.nextInt(1, 12); n > 0; n--) words.add(WORDS.get(random.nextInt(WORDS.size())));
            sentences.add(String.join(random.nextInt(10) == 0 ? "  \n" : " ", words));
        }
        return sentences;
    }

    static Words words(Words.Cutting cutting, List<String> texts) {
        var words = new Words(cutting);
        texts.forEach(words::add);
        return words;
    }

    static Tokenizer open(Path folder, TrainedTokenizer trained) throws Exception {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, trained.tokenizer().write());
        return TokenizerFiles.open(file);
    }
}
