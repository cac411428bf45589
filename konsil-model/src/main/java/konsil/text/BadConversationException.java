package konsil.text;

import konsil.tensor.BadInputException;

/** Turns that do not make a conversation, such as two of the user in a row. The message repeats none of their text. */
public final class BadConversationException extends BadInputException {
    private static final long serialVersionUID = 1L;

    public BadConversationException(String message) {
        super(message);
    }
}
