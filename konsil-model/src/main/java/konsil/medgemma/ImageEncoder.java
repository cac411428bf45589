package konsil.medgemma;

import konsil.tensor.KvCache;
import konsil.tensor.Ops;
import konsil.tensor.Tensor;

/** The way of an image into the text. */
public record ImageEncoder(SiglipVision vision, ImageProjector projector) {
    /**
     * The soft tokens of an image.
     *
     * @param image (3, imageSize, imageSize), -1 to 1
     * @param none how keys and values are rounded on the way
     * @return (tokensPerImage, hiddenSize of the text)
     */
    public Tensor forward(Ops ops, Tensor image, KvCache.None none) {
        return projector.forward(ops, vision.forward(ops, image, none));
    }
}
