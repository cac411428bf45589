package konsil.train.reward;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import konsil.tensor.file.Json;

/**
 * ROUGE-L of a completion and the "answer": the F1 of their longest common subsequence of words (Lin, ACL 2004), words
 * being runs of letters and digits in lower case, without stemming, as the package rouge_score has it.
 */
public final class RougeReward extends Reward.Each {
    private static final String ANSWER = "answer";
    private static final Pattern WORD = Pattern.compile("[a-z0-9]+");
    private static final int MOST_WORDS = 4096;

    @Override
    public String name() {
        return "rouge_l";
    }

    @Override
    public void requireUsable(Map<String, Json> more) {
        Reward.text(more, ANSWER);
    }

    @Override
    protected double of(Judged judged) {
        return f1(words(judged.completion()), words(Reward.text(judged.more(), ANSWER)));
    }

    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find() && words.size() < MOST_WORDS) {
            words.add(matcher.group());
        }
        return words;
    }

    private static double f1(List<String> got, List<String> want) {
        if (got.isEmpty() || want.isEmpty()) {
            return 0;
        }
        double common = common(got, want);
        return 2 * common / (got.size() + want.size());
    }

    private static int common(List<String> a, List<String> b) {
        int[] row = new int[b.size() + 1];
        for (String word : a) {
            int diagonal = 0;
            for (int j = 1; j <= b.size(); j++) {
                int above = row[j];
                row[j] = word.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return row[b.size()];
    }
}
