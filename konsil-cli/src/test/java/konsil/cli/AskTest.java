package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** {@code konsil ask} and {@code konsil chat} on the small golden models, through the command line. */
final class AskTest {
    private static final Path GOLDEN = Path.of("..", "golden").toAbsolutePath().normalize();
    private static final String MODEL = GOLDEN.resolve("gemma3-a").toString();
    private static final String IMAGE =
            GOLDEN.resolve("gemma3-a/images/gray_64x64.png").toString();

    @TempDir
    private Path temporary;

    private static Run ask(String... more) {
        var words = new ArrayList<>(List.of("ask", "--model", MODEL, "--quant", "exact"));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    @Test
    void answersAboutAnImage() {
        var run = ask(
                "--image",
                IMAGE,
                "--system",
                "You are an expert radiologist.",
                "--max-tokens",
                "4",
                "Describe this X-ray");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("ut \u0017\u0017\u0017".replaceAll("\\p{Cntrl}", "") + System.lineSeparator());
        assertThat(run.err()).contains("cut off after 4 tokens");
    }

    @Test
    void packedAndGgufAnswerAsTheFolderDoes() {
        String packed = temporary.resolve("model.konsil").toString();
        assertThat(Run.of("import", MODEL, packed, "--quant", "bf16").exit()).isZero();
        String question = "What are the signs of a pneumothorax on a chest radiograph?";
        var folder = Run.of("ask", "--model", MODEL, "--json", "--logprobs", "1", "--max-tokens", "6", question);
        var file = Run.of("ask", "--model", packed, "--json", "--logprobs", "1", "--max-tokens", "6", question);
        assertThat(tokens(folder)).hasSize(12).isEqualTo(tokens(file));
        var gguf = Run.of(
                "ask",
                "--model",
                GOLDEN.resolve("gguf-a/text-Q8_0.gguf").toString(),
                "--mmproj",
                GOLDEN.resolve("gguf-a/mmproj-F16.gguf").toString(),
                "--image",
                IMAGE,
                "--max-tokens",
                "3",
                "--json",
                "Describe this X-ray");
        assertThat(gguf.exit()).as(gguf.err()).isZero();
        assertThat(gguf.out()).contains("\"views\" : 1", "text-Q8_0.gguf", "mmproj-F16.gguf");
    }

    /** Every "id" of the output, in order. */
    private static List<Integer> tokens(Run run) {
        var ids = new ArrayList<Integer>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), run.out())) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == tools.jackson.core.JsonToken.PROPERTY_NAME
                        && parser.currentName().equals("id")) {
                    parser.nextToken();
                    ids.add(parser.getIntValue());
                }
            }
        }
        return ids;
    }

    @Test
    void jsonTellsEverything() {
        var run = ask("--image", IMAGE, "--json", "--max-tokens", "3", "--logprobs", "2", "What is this?");
        assertThat(run.out())
                .contains("\"answered\" : true", "\"end\" : \"length\"", "\"prompt_tokens\" : ", "\"logprob\" : -")
                .contains("\"likeliest\" : [", "\"fingerprint\" : \"", "\"sha256\" : \"", "Not a medical device")
                .contains("\"seed\" : 0", "\"max_tokens\" : 3");
        assertThat(tokens(run)).hasSize(9);
    }

    @Test
    void imagesAndTextsKeepTheirOrder() {
        var mixed = ask(
                "--text",
                "Prior:",
                "--image",
                IMAGE,
                "--text=Current:",
                "--image=" + IMAGE,
                "--json",
                "--max-tokens",
                "1",
                "Compare.");
        assertThat(mixed.out()).contains("user\\nPrior:<start_of_image>Current:<start_of_image>Compare.<end_of_turn>");
    }

    @Test
    void thinkingIsAskedForInTheSystemText() {
        var run = ask("--think", "--system", "Be brief.", "--json", "--max-tokens", "1", "Hello");
        assertThat(run.out())
                .contains("user\\nSYSTEM INSTRUCTION: think silently if needed.\\nBe brief.\\n\\nHello<end");
        assertThat(ask("--think", "--no-think", "Hello").exit()).isEqualTo(Exit.BAD_INPUT.code());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--temperature -1 x|temperature: want 0 or more, got -1.0",
                "--top-p 0 x|top-p: want more than 0",
                "--max-tokens 0 x|max tokens: want at least 1, got 0",
                "--cache q5 x|--cache: want one of f32, bf16, q8_0",
                "--context 1 x|context: want at least 2 tokens",
                "--context 8 What is this?|the prompt has",
                "--image missing.png x|missing.png: there is no such file",
                "--adapter nowhere x|want the folder of an adapter",
                "--mmproj nowhere.gguf x|nowhere.gguf: there is no such file",
            })
    void mistakesAreOneClearLine(String arguments, String message) {
        var run = ask(arguments.split(" ", -1).length > 3 ? split(arguments) : arguments.split(" ", -1));
        assertThat(run.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(run.err()).contains("konsil: ", message).doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
    }

    /** The first two words are an option and its value, the rest is the question. */
    private static String[] split(String arguments) {
        return arguments.split(" ", 3);
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws IOException {
        Path empty = Files.createFile(temporary.resolve("empty.png"));
        assertThat(ask("--image", empty.toString(), "x").err()).contains("empty.png: the file is empty");
        Path cut = temporary.resolve("cut.png");
        byte[] whole = Files.readAllBytes(Path.of(IMAGE));
        Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThat(ask("--image", cut.toString(), "x").err()).contains("cut.png: ");
        var other = Run.of("ask", "--model", GOLDEN.resolve("lasr-a").toString(), "x");
        assertThat(other.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(other.err()).contains("got [\"LasrForCTC\"]").doesNotContain("\tat ");
        Path model = temporary.resolve("model");
        Files.createDirectory(model);
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(GOLDEN.resolve("gemma3-a").resolve(name), model.resolve(name));
        }
        Files.copy(GOLDEN.resolve("text/unknown.model"), model.resolve("tokenizer.model"));
        assertThat(Run.of("ask", "--model", model.toString(), "x").err()).contains("do not belong together");
        var many = new ArrayList<String>(List.of("--context", "600"));
        for (int i = 0; i < 40; i++) {
            many.addAll(List.of("--image", IMAGE));
        }
        many.add("x");
        assertThat(ask(many.toArray(String[]::new)).err()).contains("640 of them for 40 pictures", "context holds 600");
        assertThat(ask().err()).contains("want a question or an image");
    }

    private static Run chat(String input, String... more) {
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        var words = new ArrayList<>(List.of("chat", "--model", MODEL, "--quant", "exact", "--max-tokens", "3"));
        words.addAll(List.of(more));
        return Run.of(List.of(new ChatCommand(in)), words.toArray(String[]::new));
    }

    @Test
    void chatsAndGoesOnAfterAMistake() {
        var run = chat("""
                /image %s
                What is this?
                /image nothing.png
                /dance

                And on the left?
                /reset
                Anew.
                /quit
                never read
                """.formatted(IMAGE), "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.err()).contains("nothing.png: there is no such file", "unknown: /dance");
        assertThat(run.out().split("\"prompt\"", -1)).hasSize(4);
        assertThat(run.out())
                .contains("And on the left?<end_of_turn>", "user\\nAnew.<end_of_turn>")
                .containsPattern("\"reused_tokens\" : [1-9]")
                .doesNotContain("never read");
    }

    @Test
    void chatStreamsAnswersLineByLine() {
        var run = chat("What is this?\nAnd that?\n");
        assertThat(run.out().lines().count()).isEqualTo(2);
        assertThat(chat("/help\n").err()).contains("/reset begins anew");
    }
}
