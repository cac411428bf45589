package konsil.clinic;

import java.util.List;
import konsil.medgemma.generation.Choice;
import konsil.medgemma.generation.GenerationListener;
import konsil.text.ThoughtSplitter;
import konsil.text.ThoughtSplitter.Part;
import konsil.text.Tokenizer;

/** Turns tokens, as they are chosen, into thought and answer, and ends the answer before a stop text. */
final class ReplyWriter implements GenerationListener {
    private final ThoughtSplitter splitter;
    private final StopTexts stops;
    private final AnswerListener listener;
    private final StringBuilder answer = new StringBuilder();
    private final StringBuilder thought = new StringBuilder();
    private final long begun = System.nanoTime();
    private volatile Runnable cancel = () -> {};
    private long firstToken;
    private boolean ended;

    ReplyWriter(Tokenizer tokenizer, List<String> stops, AnswerListener listener) {
        this.splitter = new ThoughtSplitter(tokenizer);
        this.stops = new StopTexts(stops);
        this.listener = listener;
    }

    /** How the answer can be ended before its time. */
    void endsBy(Runnable how) {
        cancel = how;
        if (ended) {
            how.run();
        }
    }

    @Override
    public void read(int tokens, int total, int reused) {
        listener.read(tokens, total);
        endIfUnwanted();
    }

    @Override
    public void token(Choice choice) {
        firstToken = firstToken == 0 ? System.nanoTime() : firstToken;
        splitter.accept(choice.token()).forEach(this::add);
        endIfUnwanted();
    }

    private void endIfUnwanted() {
        if (stops.met() || listener.cancelled()) {
            ended = true;
            cancel.run();
        }
    }

    private void add(Part part) {
        switch (part) {
            case Part.Answer(var words) -> answer(stops.accept(words));
            case Part.Thought(var words) -> {
                thought.append(words);
                listener.said(part);
            }
            case Part.Withdrawn _ -> {
                thought.append(answer);
                answer.setLength(0);
                listener.said(part);
            }
        }
    }

    private void answer(String words) {
        if (!words.isEmpty()) {
            answer.append(words);
            listener.said(new Part.Answer(words));
        }
    }

    /** No more tokens come. */
    void finish() {
        splitter.finish().forEach(this::add);
        answer(stops.finish());
    }

    boolean stoppedByText() {
        return stops.met();
    }

    /** Whether there is an answer, or the model was still thinking. */
    boolean answered() {
        return splitter.reply() instanceof ThoughtSplitter.Reply.Answered;
    }

    String answer() {
        return answer.toString();
    }

    String thought() {
        return thought.toString();
    }

    /** Seconds until the first token, and from then on. */
    double[] seconds() {
        long now = System.nanoTime();
        long first = firstToken == 0 ? now : firstToken;
        return new double[] {(first - begun) * 1e-9, (now - first) * 1e-9};
    }
}
