package konsil.rules;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The layers of docs/architecture.md, each with its packages under the root and the layers it may see. */
@SuppressWarnings("ImmutableEnumChecker") // neither field is ever written
enum Layer {
    KERNEL(List.of("kernel")),
    TENSOR(List.of("tensor"), KERNEL),
    MEDIA(List.of("media")),
    MODEL(List.of("text", "medgemma", "medasr", "model"), TENSOR, MEDIA),
    TRAIN(List.of("train"), MODEL),
    EVAL(List.of("eval"), TRAIN),
    CLINIC(List.of("clinic"), MODEL),
    PHANTOM(List.of("phantom"), MODEL),
    CLI(List.of("cli"), TRAIN, EVAL, CLINIC, PHANTOM),
    SERVER(List.of("server"), TRAIN, EVAL, CLINIC, PHANTOM),
    SPARK(List.of("spark"), TRAIN, EVAL, CLINIC, PHANTOM);

    private final List<String> packages;
    private final Layer[] below;

    Layer(List<String> packages, Layer... below) {
        this.packages = packages;
        this.below = below;
    }

    /** The package patterns of this layer, as ArchUnit writes them. */
    String[] packagesUnder(String root) {
        return packages.stream().map(name -> root + "." + name + "..").toArray(String[]::new);
    }

    /** This layer and everything below it: an arrow may skip a tier. */
    Set<Layer> visible() {
        Set<Layer> seen = EnumSet.of(this);
        for (Layer layer : below) seen.addAll(layer.visible());
        return seen;
    }
}
