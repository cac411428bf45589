package konsil.medasr;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import konsil.model.InertSettings;

/** Keys of config.json that change nothing about what the network computes from given sound. */
final class InertKeys {
    /**
     * Beside those of every network: training (dropout, the momentum of running statistics). The number of positions
     * sizes nothing: rotary angles have no end.
     */
    private static final Set<String> OWN = Set.of(
            "activation_dropout",
            "auto_map",
            "batch_norm_momentum",
            "dropout",
            "dropout_positions",
            "dtype",
            "eos_token_id",
            "gradient_checkpointing",
            "layerdrop",
            "max_position_embeddings",
            "processor_class",
            "torch_dtype",
            "unk_token_id",
            "use_return_dict");

    static final Set<String> ALL =
            Stream.concat(InertSettings.KEYS.stream(), OWN.stream()).collect(Collectors.toUnmodifiableSet());

    private InertKeys() {}
}
