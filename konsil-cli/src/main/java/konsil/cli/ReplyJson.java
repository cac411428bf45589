package konsil.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import konsil.clinic.Reply;
import konsil.medgemma.generation.Choice;

/** A reply as plain values, for JSON. */
final class ReplyJson {
    private ReplyJson() {}

    /** @param logprobs whether every token's log probability is told */
    static Map<String, Object> of(Reply reply, boolean logprobs) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("answered", reply.answered());
        fields.put("answer", reply.answer());
        fields.put("thought", reply.thought());
        fields.put("end", reply.end().name().toLowerCase(Locale.ROOT));
        if (logprobs) {
            fields.put("tokens", tokens(reply.choices()));
        }
        fields.put("usage", usage(reply.usage()));
        fields.put("provenance", reply.provenance().fields());
        return fields;
    }

    private static List<Object> tokens(List<Choice> choices) {
        var tokens = new ArrayList<>();
        for (var choice : choices) {
            var fields = token(choice.token(), choice.logProbability());
            var likeliest = new ArrayList<>();
            for (var other : choice.alternatives()) {
                likeliest.add(token(other.token(), other.logProbability()));
            }
            fields.put("likeliest", likeliest);
            tokens.add(fields);
        }
        return tokens;
    }

    /** A probability of 0 has no logarithm that JSON could say; it is left out. */
    private static Map<String, Object> token(int id, float logProbability) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("id", id);
        if (Float.isFinite(logProbability)) {
            fields.put("logprob", (double) logProbability);
        }
        return fields;
    }

    private static Map<String, Object> usage(Reply.Usage usage) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("prompt_tokens", usage.promptTokens());
        fields.put("reused_tokens", usage.reusedTokens());
        fields.put("reply_tokens", usage.replyTokens());
        fields.put("views", usage.views());
        fields.put("known_views", usage.knownViews());
        fields.put("cache_bytes", usage.cacheBytes());
        fields.put("image_seconds", usage.imageSeconds());
        fields.put("prompt_seconds", usage.promptSeconds());
        fields.put("reply_seconds", usage.replySeconds());
        return fields;
    }
}
