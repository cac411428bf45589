package konsil.train.grpo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import konsil.kernel.Workers;
import konsil.medgemma.generation.SamplingSettings;
import konsil.tensor.BadInputException;
import konsil.tensor.Tensor;
import konsil.tensor.file.Json;
import konsil.text.Tokenizer;
import konsil.train.Gradients;
import konsil.train.data.ExampleMaker.Question;
import konsil.train.gemma.Lane;
import konsil.train.gemma.Lanes;
import konsil.train.gemma.LoraSubject;
import konsil.train.gemma.Network;
import konsil.train.gemma.Subject;
import konsil.train.lora.Seeds;
import konsil.train.reward.Reward;
import konsil.train.reward.WeightedRewards;
import konsil.train.run.EpochOrder;
import konsil.train.run.Outcome;
import konsil.train.run.Progression;
import konsil.train.run.RunFolder;
import konsil.train.run.RunListener;
import konsil.train.run.RunSettings;

/**
 * Trains a subject by reward: for each question of a step a group of answers is drawn, and each token of an answer
 * becomes likelier or less likely by how much better its reward is than the others' of its group. Nothing is left out
 * by dropout, since the answers were drawn without it.
 */
public final class GroupTuning {
    private static final String TITLE = "konsil tune grpo";

    private final Subject subject;
    private final Lanes lanes;
    private final RunSettings settings;
    private final GroupSettings groups;
    private final Data data;
    private final RunFolder folder;
    private final Workers workers;
    private final GroupSampler sampler;
    private final AnswerProbabilities probabilities;

    /** A question with what its rewards need. */
    public record Task(Question question, Map<String, Json> more) {}

    /**
     * What is answered, and how answers are judged.
     *
     * @param heldOut may be empty
     */
    public record Data(List<Task> train, List<Task> heldOut, WeightedRewards rewards, Tokenizer tokenizer) {
        public Data {
            train = List.copyOf(train);
            heldOut = List.copyOf(heldOut);
        }
    }

    /** What a run is made of. */
    public record Parts(Subject subject, Lanes lanes, RunFolder folder, Workers workers) {}

    /** @throws BadInputException when the settings ask for what the subject cannot do */
    public GroupTuning(Parts parts, RunSettings settings, GroupSettings groups, Data data) {
        this.subject = parts.subject();
        this.lanes = parts.lanes();
        this.folder = parts.folder();
        this.workers = parts.workers();
        this.settings = settings;
        this.groups = groups;
        this.data = data;
        if (groups.beta() > 0 && !(subject instanceof LoraSubject)) {
            throw new BadInputException(
                    "beta: want 0 where all of the model is trained; there is none to compare with");
        }
        if (subject.dropout() > 0) {
            throw new BadInputException("dropout: want 0, since answers are drawn without");
        }
        sampler = new GroupSampler(subject, lanes, data.tokenizer(), groups.maxTokens());
        probabilities = new AnswerProbabilities(groups.temperature(), sampler.known(), sampler.never());
    }

    /**
     * Runs to the end, or until it is stopped; both leave a snapshot.
     *
     * @param stop asked before each answer
     * @throws BadInputException as {@link konsil.train.sft.SupervisedTuning#run}
     * @throws IOException when the disk or a reward's command fails
     */
    public Outcome run(RunListener listener, BooleanSupplier stop) throws IOException {
        var progression = new Progression(settings, folder, subject.learnables(), workers);
        listener.begins(progression.step(), settings.steps());
        OptionalDouble last = OptionalDouble.empty();
        boolean stopped = false;
        while (!stopped && !progression.over()) {
            var group = drawn(progression.step(), stop);
            stopped = group.isEmpty();
            if (group.isPresent()) {
                last = OptionalDouble.of(group.get().reward());
                stopped = !learn(progression, group.get(), listener, stop) || look(progression, listener, stop);
            }
            if (progression.step() % groups.iterations() == 0 || progression.over()) {
                progression.save(stopped); // answers that are half learnt from are drawn again from the snapshot before
            }
        }
        return outcome(progression, last, stopped);
    }

    /** Answers of a step with how much better than their groups they are. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Drawn(List<Completion> completions, double[] rewards, double[] advantages) {
        double reward() {
            return Advantages.mean(rewards);
        }

        long tokens() {
            return completions.stream()
                    .mapToLong(c -> c.example().sequence().size())
                    .sum();
        }
    }

    /** Which step of drawing an optimiser's step belongs to: several may learn from the same answers. */
    private Optional<Drawn> drawn(long step, BooleanSupplier stop) throws IOException {
        long round = step / groups.iterations();
        var order = new EpochOrder(data.train().size(), settings.seed());
        int[] chosen = order.from(round * settings.batch(), settings.batch());
        var tasks = new ArrayList<Task>();
        var draws = new ArrayList<GroupSampler.Draw>();
        for (int index : chosen) {
            var task = data.train().get(index);
            for (int i = 0; i < groups.group(); i++) {
                tasks.add(task);
                long seed = Seeds.of(Seeds.of(settings.seed(), "answers"), round * 1_000_003 + draws.size());
                draws.add(new GroupSampler.Draw(task.question(), groups.sampling(seed)));
            }
        }
        var completions = sampler.draw(draws, stop);
        if (completions.isEmpty()) {
            return Optional.empty();
        }
        double[] rewards = data.rewards().of(judged(completions.get(), tasks));
        var advantages = new double[rewards.length];
        for (int from = 0; from < rewards.length; from += groups.group()) {
            double[] group = Advantages.of(Arrays.copyOfRange(rewards, from, from + groups.group()));
            System.arraycopy(group, 0, advantages, from, group.length);
        }
        return Optional.of(new Drawn(completions.get(), rewards, advantages));
    }

    private static List<Reward.Judged> judged(List<Completion> completions, List<Task> tasks) {
        var judged = new ArrayList<Reward.Judged>();
        for (int i = 0; i < completions.size(); i++) {
            judged.add(new Reward.Judged(completions.get(i).text(), tasks.get(i).more()));
        }
        return judged;
    }

    /** Takes as many steps with the answers as there are iterations; false when stopped. */
    private boolean learn(Progression progression, Drawn drawn, RunListener listener, BooleanSupplier stop)
            throws IOException {
        var before = groups.iterations() > 1 ? logs(drawn, subject.plain()) : none(drawn);
        var base = groups.beta() > 0 && subject instanceof LoraSubject lora
                ? logs(drawn, new Network(lora.base().text(), lora.base().images(), false))
                : none(drawn);
        for (int i = 0; i < groups.iterations() && !progression.over(); i++) {
            var items = items(drawn, before, base);
            lanes.zero();
            var loss = lanes.sum(items.stream().map(this::task).toList(), stop);
            if (loss.isEmpty()) {
                return false;
            }
            progression.step(lanes.gradients(), figures(drawn, loss.getAsDouble(), items));
            listener.stepped(progression.step(), drawn.reward(), drawn.tokens());
        }
        return true;
    }

    /** An answer to learn from. @param counts tokens, clipped ones, sum of divergences: filled on the way */
    @SuppressWarnings("ArrayRecordComponent")
    private record Item(Completion completion, ClippedObjective objective, double[] counts) {}

    private static double sum(List<Item> items, int count) {
        return items.stream().mapToDouble(item -> item.counts()[count]).sum();
    }

    private static List<double[]> none(Drawn drawn) {
        return drawn.completions().stream().map(_ -> new double[0]).toList();
    }

    private List<double[]> logs(Drawn drawn, Network network) throws IOException {
        var logs = new ArrayList<double[]>();
        var lane = lanes.first();
        for (var completion : drawn.completions()) {
            Tensor hidden = lane.learner().hidden(network, completion.example());
            logs.add(probabilities.of(lane, network, hidden, completion.example()));
        }
        return logs;
    }

    private List<Item> items(Drawn drawn, List<double[]> before, List<double[]> base) {
        double all = drawn.completions().stream().mapToInt(Completion::tokens).sum();
        int count = drawn.completions().size();
        var items = new ArrayList<Item>();
        for (int i = 0; i < count; i++) {
            var completion = drawn.completions().get(i);
            double weight =
                    switch (groups.normalisation()) {
                        case TOKEN -> 1 / all;
                        case ANSWER -> 1.0 / count / completion.tokens();
                    };
            var objective = new ClippedObjective(
                    drawn.advantages()[i], before.get(i), base.get(i), groups.epsilon(), groups.beta(), weight);
            items.add(new Item(completion, objective, new double[3]));
        }
        return items;
    }

    private Lanes.Task task(Item item) {
        return Lanes.learn(
                item.completion().example(),
                0,
                (lane, network, hidden, gradients) -> loss(item, lane, network, hidden, gradients));
    }

    private double loss(Item item, Lane lane, Network network, Tensor hidden, Gradients gradients) {
        var objective = item.objective();
        double[] logs =
                probabilities.back(lane, network, hidden, item.completion().example(), objective::slope, gradients);
        double loss = 0;
        double[] counts = item.counts();
        for (int token = 0; token < logs.length; token++) {
            loss += objective.loss(token, logs[token]);
            counts[0]++;
            counts[1] += objective.clipped(token, logs[token]) ? 1 : 0;
            counts[2] += objective.divergence(token, logs[token]);
        }
        return loss;
    }

    private Map<String, Double> figures(Drawn drawn, double loss, List<Item> items) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("reward", drawn.reward());
        figures.put("reward_deviation", deviation(drawn.rewards()));
        figures.put("loss", loss);
        double answers = drawn.completions().size();
        figures.put("answer_tokens", sum(items, 0) / answers);
        figures.put(
                "ended", drawn.completions().stream().filter(Completion::ended).count() / answers);
        figures.put("clipped", sum(items, 1) / Math.max(1, sum(items, 0)));
        if (groups.beta() > 0) {
            figures.put("divergence", sum(items, 2) / Math.max(1, sum(items, 0)));
        }
        return figures;
    }

    /** Mean of the groups' deviations: without any there is nothing to learn. */
    private double deviation(double[] rewards) {
        double sum = 0;
        for (int from = 0; from < rewards.length; from += groups.group()) {
            sum += Advantages.deviation(Arrays.copyOfRange(rewards, from, from + groups.group()));
        }
        return sum * groups.group() / rewards.length;
    }

    /** The held-out questions answered with the likeliest tokens; whether it was stopped on the way. */
    private boolean look(Progression progression, RunListener listener, BooleanSupplier stop) throws IOException {
        if (data.heldOut().isEmpty() || !progression.lookDue()) {
            return false;
        }
        var draws = data.heldOut().stream()
                .map(task -> new GroupSampler.Draw(task.question(), SamplingSettings.GREEDY))
                .toList();
        var completions = sampler.draw(draws, () -> false).orElseThrow();
        double reward = Advantages.mean(data.rewards().of(judged(completions, data.heldOut())));
        listener.heldOut(progression.step(), reward, progression.look("held_out_reward", reward, false));
        folder.writePage(TITLE, Map.of());
        return stop.getAsBoolean();
    }

    private Outcome outcome(Progression progression, OptionalDouble last, boolean stopped) throws IOException {
        var page = folder.writePage(TITLE, Map.of());
        Optional<Path> result = Optional.empty();
        if (!stopped || progression.over()) {
            progression.takeBest();
            var to = folder.folder().resolve(subject.result());
            subject.write(to);
            result = Optional.of(to);
        }
        return new Outcome(
                progression.step(),
                last,
                progression.best(),
                progression.bestStep(),
                progression.stoppedEarly(),
                result,
                page);
    }
}
