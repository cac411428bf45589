package konsil.tensor;

/** Proof that a tape can be walked: a switch without default, which a new kind of step would break. */
final class StepNames {
    private StepNames() {}

    static String of(Step step) {
        return switch (step) {
            case Step.Embed _ -> "embed";
            case Step.Linear _ -> "linear";
            case Step.AddBias _ -> "addBias";
            case Step.Add _ -> "add";
            case Step.Scale _ -> "scale";
            case Step.RmsNorm _ -> "rmsNorm";
            case Step.LayerNorm _ -> "layerNorm";
            case Step.BatchNorm _ -> "batchNorm";
            case Step.Rope _ -> "rope";
            case Step.Attention _ -> "attention";
            case Step.Activate _ -> "activate";
            case Step.Gate _ -> "gate";
            case Step.Glu _ -> "glu";
            case Step.Conv1d _ -> "conv1d";
            case Step.DepthwiseConv1d _ -> "depthwiseConv1d";
            case Step.Patches _ -> "patches";
            case Step.AveragePool _ -> "averagePool";
            case Step.ScatterRows _ -> "scatterRows";
            case Step.SelectRows _ -> "selectRows";
            case Step.Chain _ -> "chain";
        };
    }
}
