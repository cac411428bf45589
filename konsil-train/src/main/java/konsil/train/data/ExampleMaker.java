package konsil.train.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import konsil.kernel.Workers;
import konsil.medgemma.ImageConfig;
import konsil.medgemma.MedGemmaConfig;
import konsil.medgemma.PixelInputs;
import konsil.medgemma.Prompt;
import konsil.medgemma.TokenSequence;
import konsil.media.BadMediaException;
import konsil.media.ImageFile;
import konsil.media.ImageSettings;
import konsil.tensor.BadInputException;
import konsil.tensor.file.FileHash;
import konsil.text.ChatTemplate;
import konsil.text.Piece;
import konsil.text.Tokenizer;
import konsil.text.Turn;
import konsil.train.CrossEntropy;
import konsil.train.gemma.Example;
import konsil.train.gemma.ExampleImage;

/** Turns conversations into examples for one model, and finds everything that is wrong with them on the way. */
public final class ExampleMaker {
    private final MedGemmaConfig config;
    private final Prompt prompt;
    private final PixelInputs pixels;
    private final ImageSettings pictures;
    private final Studies studies;

    /**
     * @param pixels how the model sees pictures, without pan and scan
     * @param pictures how their files are read
     */
    public ExampleMaker(
            MedGemmaConfig config, Tokenizer tokenizer, PixelInputs pixels, ImageSettings pictures, Studies studies) {
        this.config = config;
        this.prompt = new Prompt(config, tokenizer);
        this.pixels = pixels;
        this.pictures = pictures;
        this.studies = studies;
    }

    /**
     * What the model is asked, and which images it is shown with it.
     *
     * @param sequence up to where the assistant begins to answer
     */
    public record Question(TokenSequence sequence, List<ExampleImage> images) {
        public Question {
            images = List.copyOf(images);
        }
    }

    /** Every picture is read once and every text is turned into tokens. */
    private interface Making<T> {
        T of(Conversation conversation) throws IOException;
    }

    /**
     * Examples to learn conversations from.
     *
     * @param longest tokens of an example
     * @param progress gets the number of those that are done
     * @throws BadInputException that lists all that cannot be used, up to a number
     */
    public List<Example> examples(
            Path file, List<Conversation> from, Masking masking, int longest, Workers workers, IntConsumer progress) {
        return all(file, from, workers, progress, conversation -> {
            var example = example(conversation, masking);
            requireRoom(example.sequence().size(), longest);
            if (example.learnt() == 0) {
                throw new BadInputException("nothing to learn: want a message of the assistant");
            }
            return example;
        });
    }

    /**
     * Questions to answer; as {@link #examples}, but every conversation ends with the user.
     *
     * @throws BadInputException as there
     */
    public List<Question> questions(
            Path file, List<Conversation> from, int longest, Workers workers, IntConsumer progress) {
        return all(file, from, workers, progress, conversation -> {
            if (!conversation.messages().getLast().role().equals(Turn.USER)) {
                throw new BadInputException("messages: want the last one to be the user's");
            }
            var told = told(conversation);
            var sequence = prompt.sequence(
                    ChatTemplate.prompt(told.turns()), ones(told.images().size()));
            requireRoom(sequence.size(), longest);
            return new Question(sequence, told.images());
        });
    }

    private static <T> List<T> all(
            Path file, List<Conversation> from, Workers workers, IntConsumer progress, Making<T> making) {
        var problems = new Problems(file);
        var made = new ConcurrentHashMap<Integer, T>();
        var done = new AtomicInteger();
        workers.run(from.size(), i -> {
            var conversation = from.get(i);
            try {
                made.put(i, making.of(conversation));
            } catch (BadInputException | BadMediaException e) {
                problems.add(conversation.line(), e.getMessage());
            } catch (IOException e) {
                problems.add(conversation.line(), "the disk failed: " + e.getMessage());
            }
            progress.accept(done.incrementAndGet());
        });
        problems.report();
        var inOrder = new ArrayList<T>();
        for (int i = 0; i < from.size(); i++) {
            inOrder.add(made.get(i));
        }
        return inOrder;
    }

    private static void requireRoom(int size, int longest) {
        if (size > longest) {
            throw new BadInputException(
                    "has %d tokens, want at most %d; shorten it or raise --context".formatted(size, longest));
        }
    }

    /** A conversation with its images read. */
    private record Told(List<Turn> turns, List<ExampleImage> images) {}

    private Told told(Conversation conversation) throws IOException {
        var turns = new ArrayList<Turn>();
        var images = new ArrayList<ExampleImage>();
        for (var message : conversation.messages()) {
            var pieces = new ArrayList<Piece>();
            for (var part : message.parts()) {
                switch (part) {
                    case Conversation.Part.Words(var text) -> pieces.add(new Piece.Text(text));
                    case Conversation.Part.Image(var file) -> {
                        pieces.add(new Piece.Image());
                        images.add(image(file));
                    }
                    case Conversation.Part.Study(var path) -> add(studies.show(path), pieces, images);
                }
            }
            turns.add(new Turn(message.role(), pieces));
        }
        return new Told(turns, images);
    }

    private void add(List<Studies.Shown> shown, List<Piece> pieces, List<ExampleImage> images) {
        for (var part : shown) {
            switch (part) {
                case Studies.Shown.Words(var text) -> pieces.add(new Piece.Text(text));
                case Studies.Shown.Picture(var key, var source) -> {
                    pieces.add(new Piece.Image());
                    images.add(new ExampleImage(
                            key, () -> pixels.values(pixels.views(source.read()).getFirst())));
                }
            }
        }
    }

    private ExampleImage image(Path file) throws IOException {
        ImageFile.read(file, pictures);
        return new ExampleImage(
                FileHash.sha256(file, _ -> {}),
                () -> pixels.values(pixels.views(ImageFile.read(file, pictures)).getFirst()));
    }

    private Example example(Conversation conversation, Masking masking) throws IOException {
        var told = told(conversation);
        var sequence = prompt.sequence(
                ChatTemplate.transcript(told.turns()), ones(told.images().size()));
        var learnt = new boolean[sequence.size()];
        switch (masking) {
            case ALL -> Arrays.fill(learnt, true);
            case ANSWER -> markAnswers(told, sequence, learnt);
        }
        return new Example(sequence, told.images(), labels(sequence, learnt));
    }

    private static List<Integer> ones(int count) {
        return Collections.nCopies(count, 1);
    }

    /** An answer is what a conversation up to it has more than the prompt that asks for it. */
    private void markAnswers(Told told, TokenSequence whole, boolean[] learnt) {
        for (int turn = 0; turn < told.turns().size(); turn++) {
            if (!told.turns().get(turn).role().equals(Turn.ASSISTANT)) {
                continue;
            }
            int from = commonPrefix(ChatTemplate.prompt(told.turns().subList(0, turn)), told, whole);
            int to = commonPrefix(ChatTemplate.transcript(told.turns().subList(0, turn + 1)), told, whole);
            Arrays.fill(learnt, from, to, true);
        }
    }

    private int commonPrefix(List<Piece> pieces, Told told, TokenSequence whole) {
        int images = (int) pieces.stream().filter(Piece.Image.class::isInstance).count();
        var part = prompt.sequence(pieces, ones(Math.min(images, told.images().size())));
        return part.commonPrefix(whole);
    }

    /** What each token should be followed by. */
    private int[] labels(TokenSequence sequence, boolean[] learnt) {
        int begin = config.images().map(ImageConfig::beginToken).orElse(-1);
        var labels = new int[sequence.size()];
        for (int row = 0; row < labels.length; row++) {
            int next = row + 1;
            boolean counts =
                    next < labels.length && learnt[next] && sequence.imageOf(next) < 0 && sequence.id(next) != begin;
            labels[row] = counts ? sequence.id(next) : CrossEntropy.IGNORED;
        }
        return labels;
    }
}
