package konsil.clinic;

import java.util.ArrayList;
import java.util.List;
import konsil.text.Turn;

/**
 * A conversation with an assistant. Its thoughts are not repeated to it, as the model was trained. Of what was said
 * before, it reads nothing again unless the beginning of the conversation changes.
 */
public final class Conversation {
    private final Assistant assistant;
    private final List<Message> messages = new ArrayList<>();

    /** @param system what comes before the first question; empty for nothing */
    public Conversation(Assistant assistant, String system) {
        this.assistant = assistant;
        if (!system.isEmpty()) {
            messages.add(Message.of(Turn.SYSTEM, system));
        }
    }

    /**
     * Says something. A reply without an answer leaves the conversation as it was before.
     *
     * @throws konsil.tensor.BadInputException as {@link Assistant#ask}; the conversation stays as it was
     */
    public Reply say(List<Message.Content> contents, AnswerSettings settings, AnswerListener listener) {
        var longer = new ArrayList<>(messages);
        longer.add(new Message(Turn.USER, contents));
        var reply = assistant.ask(longer, settings, listener);
        if (reply.answered() && !reply.answer().isEmpty()) {
            messages.clear();
            messages.addAll(longer);
            messages.add(Message.of(Turn.ASSISTANT, reply.answer()));
        }
        return reply;
    }

    /** Messages so far, a system message included. */
    public List<Message> messages() {
        return List.copyOf(messages);
    }
}
