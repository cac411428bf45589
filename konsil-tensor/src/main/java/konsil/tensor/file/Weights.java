package konsil.tensor.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The door between a checkpoint and a network: a network asks for each of its tensors by scope, name and shape, and at
 * the end {@link #finish} reports everything that was missing, misshapen or never asked for, at once.
 *
 * <p>A tensor that is missing does not stop the asking; only touching its data does. So a network asks for all it
 * needs, calls finish, and then takes the data.
 */
public final class Weights {
    private static final int MOST_NAMED = 12;

    private final Ledger ledger;
    private final String scope;

    private Weights(Ledger ledger, String scope) {
        this.ledger = ledger;
        this.scope = scope;
    }

    /** Everything in a checkpoint, whose memory the weights keep using. */
    public static Weights of(Checkpoint checkpoint) {
        return new Weights(new Ledger(checkpoint), "");
    }

    /** The tensors whose names start with this and a dot; one ledger with the others. */
    public Weights in(String name) {
        return new Weights(ledger, scope + name + ".");
    }

    /** Scopes of a list: {@code in("layers", 3)} is {@code in("layers.3")}. */
    public Weights in(String name, int index) {
        return in(name + "." + index);
    }

    /**
     * A tensor that must be there.
     *
     * @param shape outermost dimension first; nothing for a scalar
     */
    public Weight get(String name, long... shape) {
        return ledger.ask(scope + name, NewTensor.boxed(shape));
    }

    /** A tensor that may be there; when it is, its shape must fit. */
    public Optional<Weight> find(String name, long... shape) {
        return has(name) ? Optional.of(get(name, shape)) : Optional.empty();
    }

    /** Whether there is a tensor of this name; asking so does not count as reading it. */
    public boolean has(String name) {
        return ledger.checkpoint.names().contains(scope + name);
    }

    /**
     * Shape of a tensor, for sizes that no setting tells; does not count as reading it.
     *
     * @throws BadFileException when there is none
     */
    public List<Long> shapeOf(String name) {
        return ledger.checkpoint.info(scope + name).shape();
    }

    /** As {@link #finish(Predicate)}, with nothing known to be extra. */
    public void finish() {
        finish(name -> false);
    }

    /**
     * Every tensor that was asked for is there in its shape, and every tensor that is there was asked for.
     *
     * @param knownExtra full names of tensors that may stay unread
     * @throws BadFileException one report of all that is wrong
     */
    public void finish(Predicate<String> knownExtra) {
        ledger.finish(knownExtra);
    }

    /** What was asked for, and what was wrong with it. */
    static final class Ledger {
        private final Checkpoint checkpoint;
        private final Set<String> asked = new LinkedHashSet<>();
        private final Map<String, String> missing = new LinkedHashMap<>();
        private final Map<String, String> misshapen = new LinkedHashMap<>();

        Ledger(Checkpoint checkpoint) {
            this.checkpoint = checkpoint;
        }

        Weight ask(String name, List<Long> shape) {
            asked.add(name);
            if (!checkpoint.names().contains(name)) {
                missing.put(name, name + " " + shape);
            } else if (!checkpoint.info(name).shape().equals(shape)) {
                misshapen.put(
                        name,
                        "%s: want %s, got %s"
                                .formatted(name, shape, checkpoint.info(name).shape()));
            }
            return new Weight(this, name, shape);
        }

        Checkpoint checkpoint() {
            return checkpoint;
        }

        /** @throws BadFileException when this tensor is not there in its shape, with all that is known by now */
        void requireUsable(String name) {
            if (missing.containsKey(name) || misshapen.containsKey(name)) {
                throw report(List.of());
            }
        }

        void finish(Predicate<String> knownExtra) {
            var unread = new ArrayList<String>();
            for (String name : checkpoint.names()) {
                if (!asked.contains(name) && !knownExtra.test(name)) {
                    unread.add(name);
                }
            }
            if (!missing.isEmpty() || !misshapen.isEmpty() || !unread.isEmpty()) {
                throw report(unread);
            }
        }

        private BadFileException report(List<String> unread) {
            var text = new StringBuilder("the tensors do not fit the model");
            append(text, "missing", List.copyOf(missing.values()));
            append(text, "of another shape", List.copyOf(misshapen.values()));
            append(text, "never read", unread);
            return new BadFileException(checkpoint.path(), text.toString());
        }

        private static void append(StringBuilder text, String what, List<String> items) {
            if (items.isEmpty()) {
                return;
            }
            text.append("\n  ").append(items.size()).append(' ').append(what).append(':');
            for (String item : items.subList(0, Math.min(MOST_NAMED, items.size()))) {
                text.append("\n    ").append(BadFileException.printable(item));
            }
            if (items.size() > MOST_NAMED) {
                text.append("\n    and ").append(items.size() - MOST_NAMED).append(" more");
            }
        }
    }
}
